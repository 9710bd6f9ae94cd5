from pathlib import Path
from setuptools import find_namespace_packages
from setuptools import setup


setup(
    name="collective.socialterritory",
    version="1.0.0.dev0",
    description="Social networks for public bodies' websites on Plone: cross-posting with validation, exactly once and on the record.",
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="GPL-2.0-or-later",
    license_files=["LICENSE"],
    author="collective.socialterritory contributors",
    url="https://github.com/collective/collective.socialterritory",
    keywords="Plone CMS social-networks Bluesky cross-posting public-sector",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Plone",
        "Framework :: Plone :: 6.2",
        "Framework :: Plone :: Addon",
        "Natural Language :: French",
        "Natural Language :: English",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
    ],
    packages=find_namespace_packages("src"),
    package_dir={"": "src"},
    include_package_data=True,
    zip_safe=False,
    python_requires=">=3.11",
    install_requires=[
        "Products.CMFPlone",
        "cryptography",
        "plone.api",
        "plone.restapi",
        "regex",
        "requests",
    ],
    extras_require={
        "test": [
            "aiosmtpd",
            "axe-playwright-python",
            "hypothesis",
            "playwright",
            "plone.app.contenttypes[test]",
            "plone.app.testing",
            "pytest",
            "pytest-cov",
            "pytest-plone",
        ],
    },
    entry_points={
        "plone.autoinclude.plugin": ["target = plone"],
        "plone.recipe.zope2instance.ctl": ["social = collective.socialterritory.commands:do_social"],
    },
)

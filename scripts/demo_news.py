"""The news of the demo site's town. Texts may be used freely."""

from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    picture: str
    title: str
    description: str
    text: str
    caption: str
    subjects: tuple[str, ...]
    published: bool = False


NEWS = (
    News(
        picture="council",
        title="Conseil municipal : le budget participatif est adopté",
        description="80 000 € pour les projets des habitants : dépôt des idées jusqu'au 15 du mois prochain.",
        text="<p>Réuni jeudi soir, le conseil municipal a voté à l'unanimité le budget participatif. Chaque "
        "habitant de plus de 16 ans peut proposer un projet, seul ou à plusieurs.</p><p>Le compte rendu de la "
        "séance est affiché en mairie et publié sur ce site.</p>",
        caption="La mairie de Saint-Aubin-les-Prés et ses drapeaux sous un ciel clair",
        subjects=("conseil municipal", "participation"),
        published=True,
    ),
    News(
        picture="weather",
        title="Vigilance orange : orages et vents forts cette nuit",
        description="Rafales jusqu'à 100 km/h attendues entre 22 h et 6 h. Parcs et cimetière fermés.",
        text="<p>La préfecture place le département en vigilance orange. Rentrez ce qui peut s'envoler, évitez de vous "
        "déplacer et ne vous abritez pas sous les arbres.</p><p>En cas d'urgence : 18 ou 112.</p>",
        caption="Un éclair traverse un ciel d'orage au-dessus des toits de la ville",
        subjects=("alerte", "météo"),
        published=True,
    ),
    News(
        picture="music",
        title="Fête de la musique : le programme du 21 juin 🎶",
        description="Sept scènes, quarante groupes, du parvis de la mairie au jardin des Tilleuls. Entrée libre.",
        text="<p>De 17 h à minuit, fanfares, chorales, rock et électro se répondent dans tout le centre-ville. La "
        "navette est gratuite toute la soirée et la circulation est fermée rue de la République.</p>",
        caption="Des notes de musique colorées au-dessus d'une scène éclairée",
        subjects=("culture", "fête de la musique"),
    ),
    News(
        picture="works",
        title="Travaux rue des Écoles : circulation alternée dès lundi",
        description="Trois semaines de travaux sur le réseau d'eau. Bus 2 et 5 déviés, accès riverains maintenu.",
        text="<p>Du lundi au vendredi, de 8 h à 17 h, la circulation se fait par feux alternés entre la place du "
        "Marché et le collège. Le stationnement est interdit côté pair.</p><p>L'arrêt « Écoles » est reporté place du "
        "Marché.</p>",
        caption="Un panneau de travaux et des cônes orange au bord d'une rue",
        subjects=("travaux", "circulation"),
    ),
    News(
        picture="canteen",
        title="Cantine : les menus de la semaine sont en ligne",
        description="60 % de produits bio et locaux, un repas végétarien chaque mardi : les menus des écoles.",
        text="<p>Lundi : velouté de courge, poulet fermier, purée. Mardi : dahl de lentilles, riz, yaourt de la ferme "
        "des Prés. Jeudi : salade de betteraves, poisson, haricots verts. Vendredi : quiche aux poireaux, pomme.</p>",
        caption="Une assiette colorée de légumes de saison posée entre une fourchette et un couteau",
        subjects=("écoles", "cantine"),
    ),
)

"""What becomes of a post, and what keeps it here: settings, words and pictures, decisions."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


POST: Mapping[str, Message] = {
    # the server's configuration
    "no_key": _(
        "No key is set, so accounts cannot be connected: credentials are only stored encrypted. "
        "The person who runs the server makes one with `bin/instance social keys init`."
    ),
    "bad_key": _(
        "SOCIALTERRITORY_KEYS is not readable: it should be like name:key, "
        "as `bin/instance social keys init` writes it. Nothing is lost: put the right key back."
    ),
    "key_away": _(
        "The server has no key to read the account's credentials with. The post is kept, and leaves once the key is "
        "back."
    ),
    "unreadable_credentials": _(
        "The stored credentials cannot be read with the keys of this server. Put the former key back, or "
        "reconnect the account."
    ),
    "not_connected": _("This account is not connected. Its settings are kept: connect it first."),
    "mail_stuck": _(
        "Mails wait, because the mail server refused them or did not answer. They are kept for a week and tried again: "
        "look at the mail settings."
    ),
    "no_mail": _("No mail server is set: publishing works, but validators and authors will not be told."),
    "deployment": _(
        "This server is not the one that may send (SOCIALTERRITORY_DEPLOYMENT differs), so nothing leaves from here. "
        "Posts are kept."
    ),
    "no_address": _(
        "The site has no public address yet, so links in posts would lead nowhere. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "malformed_address": _(
        "“${url}” is not an address that links could begin with. Write it as https://www.town.example, "
        "without user name, ? or #."
    ),
    "note_too_long": _("That is too long: ${most} characters at most. Nothing was decided: shorten it."),
    "local_address": _(
        "${url} is the address of one machine, and visitors cannot follow a link to it. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "internal_address": _(
        "${url} is known inside your network only, and visitors cannot follow a link to it. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "edit_address": _(
        "${url} looks like the address where editors work. "
        "Fill in “Public address of the site” in the social networks settings with the one that visitors use."
    ),
    "address_mended": _(
        "When the post was to leave, visitors could not have followed its link. The public address is mended: "
        "a validator decides whether the post should still leave."
    ),
    # what is sent
    "cut": _("The text is too long and will be cut at a word."),
    "no_image": _("Without an image, the post will attract fewer readers."),
    "picture_needed": _(
        "Nothing can be posted there without an image. Add one to the news item: the post leaves then."
    ),
    "too_many_links": _("The network takes fewer links in one post. Take some out of the text: the post leaves then."),
    "links_dead": _("Links in the text cannot be clicked there: readers see the address and must type it."),
    "image_padded": _("The image is higher or wider than this network takes: it gets white stripes beside it."),
    "alt_required": _(
        "The image has no caption, which this site asks for. Write one in the news item: the post leaves then."
    ),
    "no_alt_caption": _("The image has no caption: its description for blind readers will be the title."),
    "alt_cut": _("The description of the image is too long and will be cut."),
    "small_image": _("The image is small and may look blurred."),
    "no_description": _("Without a summary, the link card will show the title alone."),
    "price": _("This post will cost about ${price}."),
    "price_link": _("This post will cost about ${price} because of its link."),
    "link_missing": _("The post has no link to the news item."),
    "link_in_card": _("The address is too long for the text: a link card carries it, in place of the image."),
    "literal_braces": _("Your own text is posted as it is: what stands in braces is not filled in."),
    "no_thread": _("The text is too long even for a thread, and will be cut at a word."),
    "images_left_out": _("Not all images go along: this network takes fewer in one post."),
    "image_gone": _(
        "It is not sure whether this was posted, and an image of it is no longer on the site. Look at ${host} whether "
        "the post is there."
    ),
    "image_broken": _("The image cannot be read. The text is kept: replace the image with a JPEG or PNG file."),
    "image_too_large": _("The image is too large to be prepared. The text is kept: replace it with a smaller one."),
    "image_unfit": _(
        "This kind of image (for example SVG) cannot be posted. Replace it with a JPEG or PNG file, or post "
        "without image."
    ),
    "unknown_placeholder": _(
        "“${name}” is not known here. These can be used: {title}, {description}, {link}, {subjects}, {date}."
    ),
    "no_template": _("Write a template, for example {title} and {link}."),
    "open_brace": _("A brace is open or closed without its partner. Placeholders look like {title}."),
    "bad_hours": _("“${line}” is not understood. Write for example “mon-fri 8:00-18:00”, one line per period."),
    "hours_order": _("In “${line}” the end must come after the start. For a night, write two lines."),
    "bad_campaign": _("Write parameters only, for example utm_source=bluesky&utm_medium=social."),
    "busy": _("The session of this account is being renewed. Try again in a minute."),
    "unreadable_file": _("The file ${path}, named by ${name}_FILE, cannot be read. Check its owner and its rights."),
    "pause_reason_needed": _("Please give a reason: everyone who wonders why nothing leaves will read it."),
    "bad_date": _("This is not a date and time."),
    "pause_order": _("The end must come after the start."),
    "pause_past": _("This end is past already: nothing would be paused."),
    # deciding
    "own_post": _("You wrote or changed this post: somebody else must approve it."),
    "already_decided": _("${by} has already decided, on ${at}: ${decision}."),
    "already_endorsed": _("You have approved this already. A second person is needed."),
    "fingerprint_missing": _("Say which text you have read: send its fingerprint."),
    "account_deleted": _("The account was deleted. Nothing will be sent."),
    "item_deleted": _("The news item was deleted. Nothing will be sent."),
    "reason_needed": _("Please give a reason: the author will read it."),
    "stale": _("The post changed since you looked. Read it again before you decide."),
    "illegal_transition": _("This is no longer possible: the post is in another state now."),
    "not_allowed": _("You may not do this on this account."),
    # waiting and holding
    "by_hand": _("Held by hand. It leaves once it is released."),
    "not_chosen": _("The editor has taken this account off the news item. The post waits."),
    "later": _("The post leaves at the time that was set."),
    "pace": _("The account posts at set hours and leaves time between posts. This one leaves when its turn comes."),
    "rests": _("${host} asked the site to wait until then. Nothing is lost: it leaves by itself."),
    "in_doubt": _("${host} did not confirm that it was published. The site looks there before it sends again."),
    "in_doubt_duplicate": _(
        "${host} says that such a post is there already. The site looks for it before it sends again. If the same "
        "words were taken away there a short while ago, change one of them."
    ),
    "in_doubt_repeated": _(
        "${host} did not confirm that it was published. The site sends it again, from which no second post comes."
    ),
    "no_answer": _("${host} did not answer as expected."),
    "unanswered": _("${host} did not answer as expected. Nothing was published; the site tries again."),
    "not_found": _("The network says that the post did not arrive. It will be sent again."),
    "prepared": _("The network has what it needs. Next it is asked to publish it."),
    "not_ready": _("The network is still fetching the picture or working on it. The site asks again soon."),
    "pause": _("It should have left during a pause. A validator decides whether it should still leave."),
    "paused": _("A pause is in force. Afterwards a validator decides whether this still leaves."),
    "pause_over": _(
        "The pause is over. This post met it: it is held, and a validator decides whether it still leaves."
    ),
    "ceiling": _(
        "This post would take the account over its ceiling for the month. Raise it in the account's settings or wait "
        "for next month, then release the post."
    ),
    "other_identity": _(
        "The account was linked to somebody else after this post was made. If it may have been published under the "
        "former name, look there first. A validator decides whether it leaves in the new name."
    ),
    "other_network": _(
        "The account belongs to another network since this post was made, so the post cannot leave. Cancel it: "
        "what is published from now on goes to the new network."
    ),
    "unreadable": _("The news item could not be read just before sending. Nothing was sent; it will be tried again."),
    "overdue": _("It should have left long ago. A validator decides whether it should still leave."),
    "item_public": _("The news item is public again. Its post stays."),
    "partner_approval": _("It waits until the new post is approved, and is taken away just before."),
    "partner_delete": _("It leaves once the former post is taken away."),
    "partner_cancelled": _("Its other half was cancelled, so this was, too."),
    "do_by_hand": _("This is for a person to do at ${host}. Do there what stands here, then come back and say so."),
    "permalink_form": _(
        "That is not the address of a post at ${host}. Open the post there and copy the address of its own page."
    ),
    "permalink_taken": _("Another post of this account is at that address already. Copy the address of this one."),
    "profile_invalid": _(
        "That is no address that readers could open. Copy the whole address of your page, from https:// on."
    ),
    "profile_elsewhere": _("That is no page at ${home}. Copy the address of your page there."),
    "no_such_way": _("This cannot be done any more: somebody was faster, or the news item changed. Nothing was done."),
    "text_needed": _("Please write what the answer says."),
    "text_too_long": _("That is ${used} characters; ${limit} are allowed there. Shorten it."),
    "not_public": _("The news item is not public. The post leaves when it is."),
    "item_expired": _("The news item has expired. The post will not leave."),
    # moving to another day
    "move_day": _("Please give a day such as 2026-03-12 and a time such as 08:00. Nothing was moved."),
    "move_left": _("Nothing of this item waits any more: it has left, or somebody decided on it. Nothing was moved."),
    "move_under_way": _("One of the posts of this item is just being sent. Try again once it is over."),
    "move_stale": _("Somebody moved it since you looked, or it changed. Look where it stands now, then move it again."),
    "move_past": _("That day and time are over. Choose a later one: nothing was moved."),
    "move_early": _(
        "Nothing leaves before the item's publication date, ${at}. Choose a later day, or change that date on the item."
    ),
    "move_expired": _("The item expires on ${at}, and nothing would leave after that. Choose an earlier day."),
    "move_locked": _("${by} is editing this item just now. Nothing was moved: try again once they have saved."),
    "move_lost": _("This cannot be moved: it has left, somebody decided on it, or it is not for you."),
    "move_denied": _(
        "Whoever moves it must be allowed to change the item and to post on all its accounts. Nothing was moved."
    ),
}

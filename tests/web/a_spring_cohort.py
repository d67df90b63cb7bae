"""Ana and Ben's pair in late March, and the people around them: what the browser tests look at."""

from __future__ import annotations

from bot.web.scene import Option, Part, Run, Somebody
from tests.web.scene_double import SceneDouble, file, options, said, words

ANA, BEN, EVE, FARID, DORA, MILO = 1, 2, 3, 4, 7, 8
COHORT = "Spring 2026"
MADRID = ("Tue 31 March, 10:00", "Thu 30 April, 16:30", "Wed 27 May, 10:00")
NEW_YORK = ("Tue 31 March, 04:00", "Thu 30 April, 10:30", "Wed 27 May, 04:00")

PEOPLE = (
    (Somebody(ANA, "Ana Ruiz", "mentee", "telegram", COHORT, partner=BEN), "Europe/Madrid"),
    (Somebody(BEN, "Ben Okafor", "mentor", "slack", COHORT, partner=ANA), "America/New_York"),
    (Somebody(EVE, "Eve Lindqvist", "mentee", "slack", COHORT, partner=FARID), "Europe/Stockholm"),
    (Somebody(FARID, "Farid Haddad", "mentor", "telegram", COHORT, partner=EVE), "Europe/Paris"),
    (Somebody(5, "Grace O’Neill", "co-mentor", "telegram", COHORT, partner=6), "Europe/Dublin"),
    (Somebody(6, "Hiroko Tanaka", "co-mentor", "slack", COHORT, partner=5), "Asia/Tokyo"),
    (Somebody(DORA, "Dora Weiss", "supervisor", "telegram", COHORT), "Europe/Berlin"),
    (Somebody(MILO, "Milo Hart", "manager", "slack", COHORT), "Europe/London"),
)


def a_spring_cohort() -> SceneDouble:
    """A fresh double, everybody in it, four chats filled."""
    scene = SceneDouble()
    for somebody, zone in PEOPLE:
        scene.add(somebody, zone)
    scene.invitations[EVE] = "an-invitation-to-eve"
    scene.standings[FARID] = "paused until 3 June"
    scene.files[12, "meetings.ics"] = ("text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    scene.tell(ANA, *ANAS_CHAT)
    scene.tell(BEN, *BENS_CHAT)
    scene.tell(DORA, *DORAS_CHAT)
    scene.tell(MILO, *MILOS_CHAT)
    return scene


OFFER = Part(
    (Run("Which of these would suit you for your next meetings? Ben sees only those you choose."),),
    "choose_some",
    options("book.times", *MADRID, "Tue 2 June, 10:00", chosen=(1, 2, 3)),
    done=Option("book.times.done", "Offer these"),
)
SETTLED = Part(
    (
        Run("Ben has settled all three:\n\n"),
        Run("\n".join(MADRID), "strong"),
        Run("\n\nTimes are yours, in Madrid."),
    ),
    attachments=(file(12, "meetings.ics", "text/calendar"),),
)
GOAL = Part(
    (Run("How is “Ask before I advise” going?", "strong"), Run("\nOnly you see this.")),
    "scale",
    options("check.goal", "1", "2", "3", "4", "5"),
    is_open=True,
)
WISH = Part(
    (Run("What would you like from the meeting with Ben?"),),
    "choose",
    options(
        "round.wish",
        "Think aloud",
        "A decision",
        "Something I keep putting off and would rather look at together",
        "Skip",
    ),
    is_open=True,
)
ANAS_CHAT = (
    said(OFFER, at="Mon 23 Mar, 10:00"),
    said(SETTLED, at="Mon 23 Mar, 16:12"),
    said(words("my meetings"), at="Tue 24 Mar, 09:58", by_person=True),
    said(
        words("Three lie ahead. The next is on Tuesday 31 March at 10:00, in a week."),
        at="Tue 24 Mar, 09:58",
    ),
    said(GOAL, WISH, at="Tue 24 Mar, 10:00"),
)

SUITING = Part(
    (Run("Ana offers these times. Which suit you? Choose as many as you like."),),
    "choose_some",
    options("book.suit", *NEW_YORK, chosen=(2,)),
    done=Option("book.suit.done", "Book these"),
    is_open=True,
)
HOURS = Part(
    (Run("You can choose hours that suit you in general; Ana is offered those from then on."),),
    "choose",
    options("hours.when", "Mornings", "Afternoons", "Either"),
    is_open=True,
)
REFLECTION = Part(
    (
        Run("A question to turn over, if you like: "),
        Run("When did you last hold back advice, and what came of it?", "emphasis"),
    ),
    "choose",
    options("reflect.keep", "Keep to myself", "Keep for our meeting", "Skip", chosen=(1,)),
)
OVER = Part(
    (Run("Would you like a minute to think about it?"),),
    "choose",
    options("reflect.minute", "Yes, please"),
    ending="This question is over.",
)
BENS_CHAT = (
    said(SUITING, at="Mon 23 Mar, 09:30"),
    said(words("can we do early afternoons?"), at="Mon 23 Mar, 11:02", by_person=True),
    said(HOURS, at="Mon 23 Mar, 11:02"),
    said(REFLECTION, OVER, at="Tue 24 Mar, 04:30"),
)

STALL = Part(
    (
        Run("Grace O’Neill and Hiroko Tanaka", "strong"),
        Run(
            " have not met for 61 days; they agreed on a rhythm of 30.\n\n"
            "Tried: three times offered, both asked once. Nobody has asked for help. "
            "They read these words three days ago."
        ),
    ),
    "choose",
    options(
        "stall.answer", "I’ll get in touch", "I have been in touch", "Not a problem", "Resolved"
    ),
    is_open=True,
)
HELP = Part(
    (
        Run("You can type "),
        Run("pairs", "strong"),
        Run(", "),
        Run("who knows", "strong"),
        Run(" or "),
        Run("pause until…", "strong"),
        Run(" How stalls are found: "),
        Run("the rules", "link", "https://example.org/rules"),
        Run("."),
    )
)
DORAS_CHAT = (
    said(STALL, at="Mon 23 Mar, 09:00"),
    said(words("help"), at="Mon 23 Mar, 09:14", by_person=True),
    said(HELP, at="Mon 23 Mar, 09:14"),
)

READERS = Part(
    (Run("Who should read it?"),),
    "choose",
    options("announce.to", "Everyone", "Mentors", "Mentees", chosen=(1,)),
)
TEA = "We meet on 12 May in the library, from 15:00. Tea and cake."
SURE = Part(
    (
        Run("This reaches 6 people", "strong"),
        Run(f", each in their own working hours:\n\n{TEA}"),
    ),
    "choose",
    options("announce.sure", "Send it", "Change it", "Leave it"),
    is_open=True,
)
MILOS_CHAT = (
    said(words("announce"), at="Tue 24 Mar, 08:50", by_person=True),
    said(READERS, at="Tue 24 Mar, 08:50"),
    said(words(TEA), at="Tue 24 Mar, 08:52", by_person=True),
    said(SURE, at="Tue 24 Mar, 08:52"),
)

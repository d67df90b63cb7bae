"""The story's beginning: invitation, yes, agreement; and what can be asked at any moment."""

from __future__ import annotations

from tests.whole.town import Town, calendar_of

ABOUT_ANA = "I look after prints, and I think best on long walks."
ABOUT_BEN = "I ran an archive for twenty years and now keep bees."
INVITED = "invited, not here yet"
JOIN = "Would you like to join?"


def nothing_before_the_invitation_is_opened(town: Town) -> None:
    """A day goes by, and not one word has reached anybody."""
    town.server.let_pass("day")
    for phone in town.everybody:
        assert phone.texts() == []
        assert phone.screen().standing == INVITED


def nothing_but_it_before_the_yes(town: Town) -> None:
    """Ana reads why, what is kept and who sees it; another day brings nothing more."""
    town.ana.comes()
    town.ana.reads(JOIN)
    why, kept, question = town.ana.texts()
    assert "You would be meeting with Ben" in why
    assert "**" not in kept
    assert "You alone: your goals, your reflections, your check-ins" in kept
    town.server.let_pass("day")
    assert town.ana.texts() == [why, kept, question]
    assert town.ana.screen().standing == INVITED
    assert all(phone.texts() == [] for phone in (town.ben, town.cleo, town.dana))


def a_no_is_the_end_of_it(town: Town) -> None:
    """Priya says no; what reaches her afterwards is looked at in the end."""
    priya = town.phone("Priya Raman")
    priya.comes()
    priya.presses("No, thank you")
    priya.reads("You will hear nothing more from me")
    assert priya.screen().standing == "said no, thank you"


def an_invitation_opens_once_and_for_its_own_person(town: Town) -> None:
    """Ana's link is spent when she comes with it again, and Kasia's is not Ben's to open."""
    town.ana.comes_with(f"playground-{town.ana.number}")
    town.ana.reads("That invitation has been used")
    kasia = town.phone("Kasia Nowak")
    town.ben.comes()
    town.ben.presses("Yes, I'd like to")
    town.ben.comes_with(f"playground-{kasia.number}")
    town.ben.reads("That invitation has been used")
    assert kasia.screen().invitation is not None
    assert kasia.texts() == []


def everybody_settles_in(town: Town) -> None:
    """Zone, quiet hours, and a few lines that the other may read: by typing and by pressing."""
    ana, ben = town.ana, town.ben
    assert "Thank you, Ana. Ben is here already, so you can begin." in ana.types("yes, i'd like to")
    ana.reads("Is it right that you are in Madrid time?")
    ana.presses("I'm elsewhere")
    ana.reads("Which city are you in, or near?")
    assert ana.types("Madrid") == "Which of these is it?"
    ana.presses("Madrid")
    ana.presses("From 19:00 to 8:00")
    ana.reads("A few lines about you")
    assert ABOUT_ANA in ana.types(ABOUT_ANA)
    ana.presses("Yes, let them read it")
    ana.reads("Ben will read it when you begin")
    assert not ben.shows(ABOUT_ANA)
    ben.presses("Yes", "From 19:00 to 8:00")
    ben.reads("A few lines about you")
    assert ABOUT_BEN in ben.types(ABOUT_BEN)
    assert ben.types("1") == "Good. Ana will read it when you begin."
    for phone in (town.cleo, town.dana):
        phone.comes()
        phone.presses("Yes, I'd like to", "Yes", "From 19:00 to 8:00")
    assert [phone.screen().standing for phone in town.everybody] == [""] * 4


def they_are_introduced(town: Town) -> None:
    """Each reads the other's lines, word for word."""
    assert "In Ben's own words" in town.until(town.ana, ABOUT_BEN)
    assert "In Ana's own words" in town.until(town.ben, ABOUT_ANA)


def they_agree_in_six_taps(town: Town) -> None:
    """Five of Ana's and one of Ben's; nothing counts before both have said yes."""
    town.until(town.ana, "How often would you like to meet?")
    town.ana.presses("Once a month", "By video", "Details, not themes", "Please ask me")
    assert not town.ben.shows("Ana suggests")
    town.ana.presses("We'll see")
    suggested = town.ben.reads("Ana suggests:")
    assert "• you meet once a month\n• you meet by video\n• details stay between you" in suggested
    assert not town.ana.shows("You are agreed")
    town.ben.presses("That suits me")
    for phone in (town.ana, town.ben):
        assert "• you meet once a month\n• you meet by video" in phone.reads("You are agreed:")


def words_at_any_moment(town: Town) -> None:
    """Help for each role, what others see by name, who was told, and what is neither."""
    ana, ben, cleo, dana = town.everybody
    assert "my goals – see, reword or finish" in ana.types("help")
    assert "my pairs – how they stand" in cleo.types("/help")
    assert "announce – write to everybody" in dana.types("Help")
    seen = ana.types("what can they see?")
    for known in (
        "Ben Walsh, your partner, can see the lines about you",
        "Cleo Martin, your supervisor, can see until when you are paused",
        "Dana Okafor, your manager, can see that you have joined.",
        "Only you: your goals, your reflections, your check-ins",
    ):
        assert known in seen
    assert ben.types("who knows") == "Nothing has ever been sent to anybody about your pair."
    assert "I did not catch that" in ben.types("the bees are asleep")
    assert "nothing of that was kept" in ben.attaches("bees.jpg")
    pairs = cleo.types("my pairs").splitlines()
    assert "Ana Ruiz & Ben Walsh – all is well" in pairs
    assert "Priya Raman & Tomás Ferreira – not begun yet" in pairs
    assert calendar_of(ana) == calendar_of(ben)

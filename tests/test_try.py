from tests.test_reviews import *
def test_x(world):
    names = ("Ana", "Ben", "Eve", "Fay")
    world.join("Ana", "Ben", "Cleo", "Eve", "Fay")
    live(world, 26, 3, names, 0.9)
    for name in names:
        nudged=pushed(world,name,"nudge")
        ats=[e.at for e in nudged]
        lines={m.id:m for m in world.rows(tables.Message)}
        for i,e in enumerate(nudged):
            w=[x for x in nudged if e.at-WEEK < x.at <= e.at]
            if len(w)>2:
                print(name)
                for x in w: 
                    for p in x.parts:
                        m=lines[p.message]; print("   ",x.at, m.line, m.put_at, m.not_before, m.conversation_id, m.sent_at)
def test_y(world):
    world.join("Ana", "Ben")
    world.change("Ana", weekly_budget=1)
    live(world, 12, 5, ("Ana", "Ben"), 0.9)
    nudged=pushed(world,"Ana","nudge")
    lines={m.id:m for m in world.rows(tables.Message)}
    for x in nudged:
        for p in x.parts:
            m=lines[p.message]; print("   ",x.at, m.line, m.put_at, m.not_before, m.conversation_id, m.sent_at)

"""What presidents have called the things that people ask about today.

A small table made by hand. `near` words mean the same, often in the language of another century; `broader` ones name what
the subject belongs to, and are used only when nothing closer is left.
"""

from __future__ import annotations

# names; near; broader
_TABLE = """
airplane, airplanes, flight, flying; aviation, aircraft, air navigation, air mail, aeronautics; transportation, air force
alcohol, prohibition; liquor, intoxicating, eighteenth amendment, volstead; temperance, law enforcement
army, soldiers, defense, defence; troops, regiments, armed forces, militia; military, national defense
banks, banking; bank of the united states, deposits, currency, federal reserve; finance, credit
budget, deficit; expenditures, balanced budget, appropriations, national debt; treasury, spending
canals, canal; waterway, lock, isthmus, inland navigation; internal improvements, navigation
census, population; enumeration, inhabitants; statistics
children, child; youth, child labor, boys and girls; families
cities, city; urban, metropolitan, slums; housing, local government
civil rights, segregation, racism, discrimination; equal rights, voting rights, negro, colored, fifteenth amendment; equality, minorities
climate change, global warming, climate; greenhouse, carbon pollution, clean energy, emissions; environment, pollution, conservation
cold war, communism; soviet, kremlin, communist, containment, iron curtain; free world, deterrent
computers, computer, artificial intelligence; electronic, data processing, automation, microchip; technology, scientific
constitution, amendment; constitutional, article; fundamental law
corruption, bribery; fraud, malfeasance, spoils; honesty, ethics
crime, criminals; lawlessness, police, drugs, penitentiary; law enforcement, justice
disease, epidemic, pandemic; yellow fever, cholera, quarantine, virus, influenza; public health, sanitary
economy, recession, depression; panic, hard times, business conditions, slump; prosperity, industry
education, schools; teachers, university, colleges, common schools; learning, students
elections, election; ballot, suffrage, franchise, electoral; voters, democracy
energy, oil; petroleum, coal, natural gas, electricity; fuel, power
environment, nature; conservation, pollution, forests, national parks; natural resources, wildlife
farmers, farming, agriculture; farm, crops, husbandry, agricultural; rural, soil
fishing, fisheries; fishery, fishermen, seal; coasts, waters
forests, forest; forestry, timber, reforestation; conservation, public lands
freedom, liberty; free institutions, self-government; rights
gold, silver; specie, coinage, bimetallism, free coinage; currency, monetary
guns, firearms, gun control; assault weapons, handguns, brady bill; crime, violence
health, health care, medicine; hospitals, medicare, health insurance, doctors; welfare, sick
homeless, housing; dwellings, homes, slum clearance; urban, shelter
immigration, immigrants, migrants; immigrant, naturalization, aliens, emigration, chinese laborers; foreigners, citizenship
indians, native americans, indian; tribes, reservation, aborigines, savages; frontier, removal
inflation, prices, cost of living; price, rising prices, depreciation, high prices; wages, currency, economy
internet, web; information superhighway, online, broadband, cyber; technology, communications
iraq, saddam; baghdad, gulf war, kuwait; middle east, terrorism
jobs, unemployment, unemployed; out of work, employment, jobless, idle; labor, workers
lighthouses, lighthouse; light-house, light house, beacons, buoys; coast, navigation
marriage, family, polygamy; divorce, mormon, parents; home
mexico, mexican; santa anna, rio grande, texas; boundary, border
minimum wage, wages; wage, fair labor standards, pay; workers, labor
monopolies, trusts, antitrust; monopoly, combinations, sherman, restraint of trade; corporations, competition
moon landing, moon, apollo; lunar, astronaut, astronauts, outer space, space program; space, rockets, exploration
navy, ships; naval, vessels, frigates, fleet; maritime, sea
nuclear weapons, atomic bomb, nuclear; atomic, missiles, hydrogen bomb, nonproliferation; arms control, disarmament
parks, national parks; yellowstone, park, monuments; conservation, public lands
peace, disarmament; arbitration, neutrality, league of nations; friendship, treaties
pensions, social security, retirement; pension, old-age, elderly, insurance; welfare, veterans
piracy, pirates; corsairs, algiers, tripoli, barbary; mediterranean, commerce
poor, poverty; needy, destitute, war on poverty; welfare, relief
post office, mail; postal, post-offices, postmaster, mails; communication
public lands, land; homestead, settlers, public domain; territory, west
railway, railways, railroad, railroads, trains; rail, transcontinental, pacific railroad, amtrak; transportation, interstate commerce
religion, church; churches, faith, providence, prayer; moral
roads, highways; highway, turnpikes, cumberland road, good roads; internal improvements, transportation
slavery, slaves, abolition; slave, emancipation, bondage, slave trade, thirteenth amendment; freedmen, servitude
space, astronauts; outer space, satellite, astronaut, shuttle; rockets, exploration
strikes, unions, labor unions; collective bargaining, organized labor, lockouts, taft-hartley; labor, employers
subsidy, subsidies; land grants, bounties, aid, subvention; appropriations, encouragement
supreme court, judges, courts; judiciary, justices, tribunals; justice, law
tariff, tariffs, duties; customs, imports, protective, reciprocity; revenue, trade
tax, taxes, taxation; income tax, taxpayers, excise; revenue, treasury
telegraph, telephone; cable, telegraphic, wireless; communication
television, radio; broadcasting, broadcast, airwaves; communication
terrorism, terrorists, terror; al qaida, terrorist, extremists; security, threat
trade, commerce; exports, imports, reciprocity; markets, tariff
veterans, veteran; g.i. bill, disabled, pensions, ex-service men; military, soldiers
vietnam, war in vietnam; hanoi, saigon, southeast asia; aggression, troops
water, rivers, floods; river, irrigation, dams, flood control; reclamation, conservation
women, woman; female, mothers, wives, girls; equal, family
right to vote, vote, voting; suffrage, franchise, ballot, nineteenth amendment; elections, citizenship
"""


def _list(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(","))


_TOPICS = [tuple(map(_list, line.split(";"))) for line in _TABLE.strip().splitlines()]

#: Names of several words: what a question is searched for before it is taken apart.
PHRASES = tuple(sorted({name for topic in _TOPICS for name in topic[0] if " " in name}))


def is_known(name: str) -> bool:
    """Whether the table has the name."""
    return any(name in topic[0] for topic in _TOPICS)


def near(name: str) -> list[str]:
    """Words for the same thing.

    >>> near("women")
    ['woman', 'female', 'mothers', 'wives', 'girls']
    """
    return [word for topic in _TOPICS if name in topic[0] for word in (*topic[0], *topic[1]) if word != name]


def broader(name: str) -> list[str]:
    """Words for what the thing belongs to."""
    return [word for topic in _TOPICS if name in topic[0] for word in topic[2]]


_FAMILIES = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("our", "or"),
    ("ation", "ate ated ating"),
    ("ction", "ct cted cting"),
    ("tion", "te ted ting"),
    ("ment", " ed ing"),
    ("sidy", "sidize sidized"),
    ("sidies", "sidize sidized"),
)


def variants(word: str) -> list[str]:
    """Other forms of a word. Plurals are not among them: the ranker takes those for the same word.

    >>> variants("inflation")
    ['inflate', 'inflated', 'inflating']
    """
    for ending, others in _FAMILIES:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return [word.removesuffix(ending) + other for other in others.split(" ")]
    return []

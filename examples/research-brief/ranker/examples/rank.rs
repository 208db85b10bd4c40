use research_brief_ranker::{corpus, index::Index, rounds, search::*};
use serde_json::{Value, json};
fn main() {
    let t = std::time::Instant::now();
    let i = Index::new(corpus::read(&corpus::folder().unwrap()).unwrap());
    eprintln!("start {:?}", t.elapsed());
    for line in std::io::stdin().lines() {
        let plan: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let round = plan["round"].as_i64().unwrap();
        let terms: Vec<Term> = plan["terms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| Term { text: t["text"].as_str().unwrap().into(), weight: t["weight"].as_f64().unwrap() })
            .collect();
        let names: Vec<String> = terms.iter().map(|t| t.text.clone()).collect();
        let f = search(&i, &terms, rounds::bar(round), plan["limit"].as_u64().unwrap() as usize);
        let hits: Vec<Value> = f.hits.iter().map(|h| json!({"text": h.text, "year": h.year, "speaker": h.speaker, "score": h.score, "matches": h.matches, "op": score(&i, &h.text, &names)})).collect();
        println!(
            "{}",
            json!({"good": f.good, "thin": rounds::is_thin(&f, round), "ranking": {"plan": plan, "passages": hits, "searched": i.len(), "byYear": f.by_year.iter().map(|(y, c)| json!({"year": y, "count": c})).collect::<Vec<_>>()}})
        );
    }
}

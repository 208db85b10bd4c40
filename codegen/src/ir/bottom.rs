//! Types in the order in which all that they need stands before them.

/// Each behind all that it needs. What needs itself is left out, with all that needs it; so is what has `None` for its needs, which
/// nothing meets.
pub fn from_the_bottom(needs: &[Option<Vec<usize>>]) -> Vec<usize> {
    let mut needed_by = vec![Vec::new(); needs.len()];
    let mut open = Vec::with_capacity(needs.len());
    for (id, needs) in needs.iter().enumerate() {
        needs.iter().flatten().for_each(|needed| needed_by[*needed].push(id));
        open.push(needs.as_ref().map(Vec::len));
    }
    let mut ends: Vec<usize> = (0..needs.len()).filter(|id| open[*id] == Some(0)).collect();
    let mut done = 0;
    while let Some(end) = ends.get(done).copied() {
        done += 1;
        for user in &needed_by[end] {
            if let Some(left) = &mut open[*user] {
                *left -= 1;
                ends.extend((*left == 0).then_some(*user));
            }
        }
    }
    ends
}

//! The same work for many things, on as many cores as there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `make` gives for each item, in the order of the items, whichever core was first.
pub fn map<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let workers = cores.min(items.len());
    if workers < 2 {
        return items.iter().map(make).collect();
    }
    let made: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(index) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < items.len()) {
            let result = make(&items[index]);
            *made[index].lock().expect("nobody panics with a place in hand") = Some(result);
        }
    };
    thread::scope(|scope| {
        // This thread works, too.
        (1..workers).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    let place = |place: Mutex<Option<R>>| place.into_inner().expect("a panic has passed the scope by now");
    made.into_iter().map(|one| place(one).expect("each index was somebody's")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_items() {
        let items: Vec<u64> = (0..1000).collect();
        let slow_first = |item: &u64| {
            thread::sleep(std::time::Duration::from_micros(if *item < 3 { 2000 } else { 0 }));
            item * 2
        };
        assert_eq!(map(&items, slow_first), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert!(map(&[], slow_first).is_empty());
    }
}

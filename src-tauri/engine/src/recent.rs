//! A map that remembers what was used lately and forgets the rest, for whatever a server could make grow.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// A bounded map. Two generations: what is written goes into the young one; when that is full the old one is forgotten
/// and the young one becomes old. So at least what was written last within the limit is known, and never more than
/// twice that.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, Entry<V>>,
    old: HashMap<K, Entry<V>>,
    /// Of the young entries together.
    weight: usize,
    limit: usize,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    weight: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// An empty one whose generations hold entries of `limit` weight together; a heavier entry is a generation alone.
    pub(crate) fn new(limit: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), weight: 0, limit }
    }

    /// What is known of a key.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key).or_else(|| self.old.get(key)).map(|entry| &entry.value)
    }

    /// Remembers; an entry's weight is its share of the limit.
    pub(crate) fn insert(&mut self, key: K, value: V, weight: usize) {
        self.old.remove(&key);
        if let Some(entry) = self.young.remove(&key) {
            self.weight = self.weight.saturating_sub(entry.weight);
        }
        if self.weight.saturating_add(weight) > self.limit {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight = self.weight.saturating_add(weight);
        self.young.insert(key, Entry { value, weight });
    }

    /// What is known, to be changed in place.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.young.values_mut().chain(self.old.values_mut()).map(|entry| &mut entry.value)
    }

    /// Forgets the entries whose value is not to be kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.young.retain(|_, entry| keep(&entry.value));
        self.old.retain(|_, entry| keep(&entry.value));
        self.weight = self.young.values().map(|entry| entry.weight).sum();
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_known_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(10);
        for number in 0..1_000 {
            recent.insert(number, number, 1);
            assert!(recent.len() <= 20);
        }
        assert!((990..1_000).all(|number| recent.get(&number) == Some(&number)));
        assert_eq!(recent.get(&900), None);
    }

    #[test]
    fn a_key_written_again_and_again_drives_out_no_other() {
        let mut recent = Recent::new(4);
        recent.insert("quiet", 0, 1);
        for round in 0..100 {
            recent.insert("busy", round, 1);
            assert_eq!((recent.get("quiet"), recent.get("busy")), (Some(&0), Some(&round)));
        }
        recent.retain(|value| *value == 0);
        assert_eq!((recent.get("busy"), recent.len()), (None, 1));
    }

    #[test]
    fn heavy_entries_make_room_sooner() {
        let mut recent = Recent::new(10);
        recent.insert(1, (), 100);
        recent.insert(2, (), 100);
        recent.insert(3, (), 100);
        assert_eq!((recent.get(&1), recent.get(&2), recent.get(&3)), (None, Some(&()), Some(&())));
    }
}

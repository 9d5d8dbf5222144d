//! Alerts that were decided on before they could be stored, and have their numbers in the ledger now.

use std::collections::HashMap;

use super::Delivery;
use crate::model::StoredAlert;

impl Delivery {
    /// These alerts were stored, by the numbers below zero that they had: from now on they are known by their own.
    pub fn renumber(&mut self, stored: &HashMap<i64, StoredAlert>) {
        for alert in self.held.values_mut().flat_map(|held| &mut held.alerts) {
            if let Some(stored) = stored.get(&alert.id) {
                alert.clone_from(stored);
            }
        }
        let shown = self.slots.values_mut().map(|seen| &mut seen.newest);
        for number in self.budgets.numbers_mut().chain(self.sounds.number_mut()).chain(shown) {
            if let Some(stored) = stored.get(number) {
                *number = stored.id;
            }
        }
    }
}

//! An engine for one test.

pub(crate) use streambell_tests::rig::{Rig, ids, market, stream};

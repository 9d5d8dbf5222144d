//! The embedded market server.

//! The reconnect delay as a value: failures and chance in, delay out. Pure.

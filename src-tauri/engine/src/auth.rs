//! Puts credentials onto a request; refreshes a token, one at a time.

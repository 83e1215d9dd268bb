/// What the log records, in the words of the mail RFCs: events, the identities in them, and their
/// canonical JSON (RFC 8785). Uses no other package.
@NullMarked
package org.muniment.archive.event;

import org.jspecify.annotations.NullMarked;

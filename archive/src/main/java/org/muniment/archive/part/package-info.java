/// Finds attachments in the raw octets of a message, without reading MIME, and gives them back to
/// the bit: what is stored once for many messages. Uses `archive.event` for identities.
@NullMarked
package org.muniment.archive.part;

import org.jspecify.annotations.NullMarked;

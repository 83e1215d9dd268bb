/// A message in the words of the mail RFCs: envelope, parts with their places in the octets,
/// defects. Reading is lenient and bounded and never throws on content. Uses only `archive.event`
/// of the packages of this project.
@NullMarked
package org.muniment.indexer.mail;

import org.jspecify.annotations.NullMarked;

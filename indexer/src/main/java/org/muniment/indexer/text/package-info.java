/// From the octets of a part to the text that a person reads: transfer encoding, charset, HTML,
/// calendars, armour, and the files that stand among the lines of a text. Bounded in size and time;
/// nothing throws on content. Uses `mail` of the packages of this project.
@NullMarked
package org.muniment.indexer.text;

import org.jspecify.annotations.NullMarked;

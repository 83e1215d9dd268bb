/// Where octets lie: files that are appended to, synced, put once and read; and the few errors that
/// say what a caller may do. The only package that touches a disk. Uses no other package.
@NullMarked
package org.muniment.archive.store;

import org.jspecify.annotations.NullMarked;

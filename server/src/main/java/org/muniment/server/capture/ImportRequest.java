package org.muniment.server.capture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.files.ImportFormat;

/// What is to be imported.
///
/// @param path absolute
/// @param account one of the configuration, or any other
/// @param mailbox name of the mailbox that takes everything, its levels separated by `/`; null for
///   the mailboxes that the files tell
public record ImportRequest(
    ImportFormat format, Path path, AccountName account, @Nullable String mailbox) {}

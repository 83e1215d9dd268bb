package org.muniment.server.view.imap.session;

import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Shown;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.view.ReadModels;

/// What the sessions of a server work with.
///
/// @param seen where users keep what they have read, null when no flag can be changed
/// @param shown which messages the mailboxes show
public record Resources(
    SignIn signIn,
    ReadModels models,
    @Nullable SeenMarks seen,
    Subscriptions subscriptions,
    Shown shown) {}

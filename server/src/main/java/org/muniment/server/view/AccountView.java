package org.muniment.server.view;

import org.muniment.archive.event.AccountName;
import org.muniment.server.access.Relation;

/// An account as one person sees it.
///
/// @param title what to call it; its name where config.yml gives no title
/// @param relation how the person comes to see it
/// @param mailboxes number of mailboxes
/// @param messages number of placements
public record AccountView(
    AccountName name, String title, Relation relation, long mailboxes, long messages) {}

package org.muniment.server.export;

/// The folder is not one that this export may write to; nothing was done.
public final class ExportRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  ExportRefusedException(String message) {
    super(message);
  }
}

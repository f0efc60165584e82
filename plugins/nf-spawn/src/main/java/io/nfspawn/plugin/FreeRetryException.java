package io.nfspawn.plugin;

import nextflow.exception.ProcessException;
import nextflow.exception.ProcessRetryableException;

/**
 * As the cause of a task's failure it makes Nextflow run a copy whatever the task's error strategy
 * is.
 */
final class FreeRetryException extends ProcessException implements ProcessRetryableException {
  private static final long serialVersionUID = 1L;

  FreeRetryException(String message) {
    super(message);
  }
}

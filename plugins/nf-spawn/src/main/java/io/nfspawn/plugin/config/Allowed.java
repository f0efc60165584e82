package io.nfspawn.plugin.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an option may be set to. The same words check a value, explain a wrong one and stand in the
 * reference page.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Allowed {
  /** The value when the option is absent, as a user would type it; may be words, e.g. "all". */
  String standard();

  /** The words that are allowed; empty when the option is not a word. */
  String[] words() default {};

  /** Smallest value, as a user would type it; empty = no bound. */
  String min() default "";

  /** Largest value, as a user would type it; empty = no bound. */
  String max() default "";
}

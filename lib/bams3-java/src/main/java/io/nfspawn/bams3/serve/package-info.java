/** Datasets over HTTP, as the GA4GH protocol htsget 1.3 wants it. */
@NullMarked
package io.nfspawn.bams3.serve;

import org.jspecify.annotations.NullMarked;

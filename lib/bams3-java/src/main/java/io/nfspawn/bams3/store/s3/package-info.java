/**
 * Objects of S3 and of servers that speak its language. The AWS SDK stays in here and is loaded
 * when the first bucket is opened, not before.
 */
@NullMarked
package io.nfspawn.bams3.store.s3;

import org.jspecify.annotations.NullMarked;

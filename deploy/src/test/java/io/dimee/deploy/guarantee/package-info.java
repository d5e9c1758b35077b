/** What the pipeline promises, as checks over its topics that any test can apply after any harm. */
package io.dimee.deploy.guarantee;

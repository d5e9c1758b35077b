/** The pipeline on a secured cluster. */
package io.dimee.deploy.security;

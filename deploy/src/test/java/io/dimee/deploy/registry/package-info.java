/** The pipeline with a real schema registry. */
package io.dimee.deploy.registry;

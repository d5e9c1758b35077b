/** The dashboard's page in a real browser. */
package io.dimee.deploy.dashboard;

/** The pipeline in JVMs of its own, under a seeded schedule of faults and a steady load. */
package io.dimee.deploy.faults;

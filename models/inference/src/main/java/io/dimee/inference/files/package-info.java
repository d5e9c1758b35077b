/**
 * Files that a process keeps, and those that must go with it. {@link
 * io.dimee.inference.files.FileCache} holds what is costly to make: a file in it is whole, whoever
 * wrote it and whatever was killed meanwhile. {@link io.dimee.inference.files.ProcessFolder} takes
 * the temporary files of a process and its libraries, and the next process deletes what a killed
 * one left behind. What is in the files is not known here.
 */
package io.dimee.inference.files;

/** The words every part of Tandem speaks: values in, values out. Nothing in this module does I/O or reads a clock. */
@NullMarked
package io.tandemmail.model;

import org.jspecify.annotations.NullMarked;

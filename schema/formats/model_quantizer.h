/* What the two readers of Model Quantizer (github.com/lpalbou/model-quantizer) share. */
#ifndef SCHEMA_FORMATS_MODEL_QUANTIZER_H
#define SCHEMA_FORMATS_MODEL_QUANTIZER_H

#define MODEL_QUANTIZER_TOOL "model-quantizer"
#define MODEL_QUANTIZER_TASK "generation"

#endif

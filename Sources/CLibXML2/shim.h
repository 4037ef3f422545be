#include <libxml/xmlversion.h>
/* ICU's headers come along otherwise, and clash with the copy that Foundation brings. What they add to libxml2 is the
   tail of a structure that nothing here touches. */
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

# The data files of this room become constant C tables: awk writes the rows, sort orders the keys.
CATALOG_GEN := $(O)/gen/schema/catalog
EMBEDDED += $(foreach t,chips chip_names chip_keys chip_peaks models model_names model_keys model_sizes \
  quantizations backends metrics metric_names,$(CATALOG_GEN)/$(t).inc)

# $(call catalog_rows,TABLE,TYPES): one initialiser a line of TABLE.csv; types: s text, n integer, f figure, - left out.
define catalog_rows
$(CATALOG_GEN)/$(1).inc: schema/catalog/$(1).csv schema/catalog/rows.awk
	@mkdir -p $$(@D)
	$$(QUIET_GEN)LC_ALL=C awk -v types=$(2) -f schema/catalog/rows.awk $$< > $$@
endef
$(eval $(call catalog_rows,chips,sssssssnnnfsfs))
$(eval $(call catalog_rows,chip_peaks,ssfs))
$(eval $(call catalog_rows,models,ssff--s))
$(eval $(call catalog_rows,model_sizes,ssf-))
$(eval $(call catalog_rows,quantizations,s--))
$(eval $(call catalog_rows,backends,ss))
$(eval $(call catalog_rows,metrics,ssss))

# $(call catalog_names,NAMES,TABLE): the rows of TABLE.csv where a name stands first, in the order of the names' bytes.
define catalog_names
$(CATALOG_GEN)/$(1).inc: schema/catalog/$(2).csv schema/catalog/names.awk
	@mkdir -p $$(@D)
	$$(QUIET_GEN)LC_ALL=C awk -f schema/catalog/names.awk $$< > $$@.tmp && LC_ALL=C sort $$@.tmp | sed 's/.*	//' > $$@
	@rm -f $$@.tmp
endef
$(eval $(call catalog_names,chip_names,chips))
$(eval $(call catalog_names,model_names,models))
$(eval $(call catalog_names,metric_names,metrics))

# $(call catalog_keys,KEYS,FILES): KEYS.awk over FILES, its lines (key, row, kind) sorted and without doubles.
define catalog_keys
$(CATALOG_GEN)/$(1).inc: schema/catalog/$(1).awk $(2)
	@mkdir -p $$(@D)
	$$(QUIET_GEN)LC_ALL=C awk -f $$^ > $$@.tmp && LC_ALL=C sort -u $$@.tmp | sed 's/^\(.*\)	\(.*\)	\(.*\)/{"\1", \2, \3},/' > $$@
	@rm -f $$@.tmp
endef
$(eval $(call catalog_keys,chip_keys,schema/catalog/chips.csv schema/catalog/chip_aliases.csv))
$(eval $(call catalog_keys,model_keys,schema/catalog/models.csv))

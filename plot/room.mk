$(eval $(call room,plot))
$(eval $(call room,plot/chart))
$(eval $(call room,plot/draw,cairo pangocairo pangoft2 fontconfig libpng libdeflate))
PLOT_ROOMS := plot/draw plot/chart
PLOT_MODULES := pangocairo pangoft2 cairo fontconfig libpng libdeflate
$(eval $(call program,plot,plot $(PLOT_ROOMS) schema/catalog schema/text schema/json schema/read schema/stats schema/base,$(PLOT_MODULES) libcjson expat zlib libzstd))

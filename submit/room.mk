$(eval $(call room,submit))
$(eval $(call room,submit/device))
$(eval $(call room,submit/spool))
$(eval $(call program,submit,submit submit/device submit/spool $(CLIENT_ROOMS),libcurl $(CLIENT_MODULES)))

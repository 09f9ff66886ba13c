# The shared rooms, bottom first.
$(eval $(call room,schema/base))
$(eval $(call room,schema/stats))
$(eval $(call room,schema/read,expat zlib libzstd))
$(eval $(call room,schema/json,libcjson))
$(eval $(call room,schema/text))
$(eval $(call embed,schema/text,schema/text/page.css))
$(eval $(call room,schema/proof,libsodium))
$(eval $(call room,schema/catalog))
$(eval $(call room,schema/bundle))
$(eval $(call room,schema/checks))
$(eval $(call room,schema/formats))
$(eval $(call room,schema/wire,libcurl))
$(eval $(call room,schema/db,libpq))
$(eval $(call room,schema/cluster))
$(eval $(call embed,schema/sql,$(wildcard schema/sql/0*.sql)))
include schema/catalog/room.mk
$(eval $(call embed,schema/bundle,$(wildcard schema/bundle/*.json)))

# What a contributor's machine needs: no database, no drawing.
CLIENT_ROOMS := schema/wire schema/formats schema/checks schema/bundle schema/catalog schema/proof schema/text \
  schema/json schema/read schema/stats schema/base
CLIENT_MODULES := libcjson libsodium expat zlib libzstd
SERVER_ROOMS := schema/cluster schema/db $(CLIENT_ROOMS)

# tkt. `make help` lists the targets. BUILD=DIR builds elsewhere; SANITIZE=1 adds ASan and UBSan.
PREFIX   ?= /usr/local
BUILD    ?= build
VERSION  := 0.1

commands := $(patsubst cmd/%.c,%,$(wildcard cmd/tkt*.c))
sources  := $(wildcard lib/*/*.c)
objects  := $(sources:%.c=$(BUILD)/%.o)

packages := sqlite3 jansson libconfuse libpcre2-8 nettle libzstd gmime-3.0 libcurl
CFLAGS   ?= -O2 -g
warnings := -Wall -Wextra -Wshadow -Wvla $(if $(CI),-Werror)
ifdef SANITIZE
sanitize := -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif
includes := -Ilib $(shell pkg-config --cflags gmime-3.0 libxml-2.0 2>/dev/null)
defines  := -D_GNU_SOURCE -DTKT_VERSION='"$(VERSION)"' -DTKT_DATADIR='"$(PREFIX)/share/tkt"'
libraries := -Wl,--as-needed $(shell pkg-config --libs $(packages) 2>/dev/null) -ldl # each tool loads only what it calls

all: $(commands:%=$(BUILD)/bin/%)
$(commands:%=$(BUILD)/bin/%): $(BUILD)/bin/%: $(BUILD)/cmd/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(sanitize) $(LDFLAGS) -o $@ $^ $(libraries)
$(BUILD)/libtkt.a: $(objects)
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(includes) $(defines) $(CPPFLAGS) $(warnings) $(CFLAGS) $(sanitize) -MMD -MP -c -o $@ $<

units := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
units: $(units)
$(units): $(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(sanitize) $(LDFLAGS) -o $@ $^ $(libraries) -lcmocka

clean:
	rm -rf $(BUILD)
.SECONDARY:
.PHONY: all units clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

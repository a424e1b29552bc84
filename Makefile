# tkt. `make help` lists the targets.
PREFIX   ?= /usr/local
BUILD    ?= build$(if $(SANITIZE),-asan)
VERSION  := 0.1

commands := $(patsubst cmd/%.c,%,$(wildcard cmd/tkt*.c))
scripts  := $(patsubst cmd/%.sh,%,$(wildcard cmd/*.sh))
sources  := $(wildcard lib/*/*.c)
objects  := $(sources:%.c=$(BUILD)/%.o)
units    := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
probes   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*.c tests/bench/*.c)) # programs that tests and benches call
pages    := $(wildcard man/*.[157])
catalogs := $(patsubst share/po/%.po,$(BUILD)/locale/%/LC_MESSAGES/tkt.mo,$(wildcard share/po/*.po))

# What pkg-config knows is asked when the first recipe needs it: by then the packages are there.
small    := sqlite3 jansson libpcre2-8 nettle libzstd
packages := $(small) gmime-3.0 libcurl
includes  = -Ilib $(call once,cflags,--cflags gmime-3.0 libxml-2.0)
libraries = $(archives) $(call once,libs,--libs $(packages)) -lm -ldl
once      = $(if $(filter undefined,$(flavor $(1)_found)),$(eval $(1)_found := $$(shell pkg-config $(2))))$($(1)_found)

# A library loaded at each start costs a tool more time than the work it does: the small ones go into
# the tools where their archives are there. SHARED=1 loads them all, as distributions want it.
archive   = $(filter /%,$(shell $(CC) $(patsubst -L%,-B%/,$(shell pkg-config --libs-only-L $(1))) \
	-print-file-name=lib$(patsubst lib%,%,$(1)).a))
archives  = $(if $(SHARED)$(SANITIZE),,$(if $(filter undefined,$(flavor archives_found)),$(eval \
	archives_found := $(foreach package,$(small),$(call archive,$(package)))))$(archives_found))

CFLAGS   ?= -O2 -g
quiet    := $(if $(V),,@)
warnings := -Wall -Wextra -Wshadow -Wvla $(if $(CI),-Werror)
ifdef SANITIZE
sanitize := -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif
defines  := -D_GNU_SOURCE -DTKT_VERSION='"$(VERSION)"' -DTKT_DATADIR='"$(PREFIX)/share/tkt"'
compile   = $(CC) -std=gnu11 $(includes) $(defines) $(CPPFLAGS) $(warnings) $(CFLAGS) $(sanitize)
# --as-needed: each tool loads only what it calls; --exclude-libs: no library gets ours for its own
hidden   := -Wl,--exclude-libs,ALL
link      = $(CC) $(CFLAGS) $(sanitize) $(LDFLAGS) -Wl,--as-needed $(hidden) -o $@ $^ $(libraries)

all: $(commands:%=$(BUILD)/bin/%) $(scripts:%=$(BUILD)/bin/%) $(catalogs) ## build the tools
$(commands:%=$(BUILD)/bin/%): $(BUILD)/bin/%: $(BUILD)/cmd/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(quiet)echo '  link $@' && $(link)
$(scripts:%=$(BUILD)/bin/%): $(BUILD)/bin/%: cmd/%.sh
	@mkdir -p $(@D)
	@install -m 755 $< $@
$(BUILD)/libtkt.a: $(objects)
	$(quiet)echo '  ar $@' && rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/%.o: %.c | $(BUILD)/has-build
	@mkdir -p $(@D)
	$(quiet)echo '  cc $<' && $(compile) -MMD -MP -c -o $@ $<
# The folder of the data is built in: another PREFIX builds that file again.
$(BUILD)/lib/base/program.o: $(BUILD)/prefix
$(BUILD)/prefix: force
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(catalogs): $(BUILD)/locale/%/LC_MESSAGES/tkt.mo: share/po/%.po | $(BUILD)/has-build
	@mkdir -p $(@D)
	@msgfmt --check -o $@ $<

units: $(units) $(probes)
$(units): $(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(quiet)echo '  link $@' && $(link) -lcmocka
$(probes): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(quiet)echo '  link $@' && $(link)
$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*.c tests/unit/*.c tests/bench/*.c)): | $(BUILD)/has-check

# .ci/packages installs what is missing, once for each build folder; it needs no network when nothing is.
# One after the other: only one apt-get at a time may run.
$(BUILD)/has-check: | $(BUILD)/has-build
$(BUILD)/has-peers $(BUILD)/has-lint $(BUILD)/has-bench: | $(BUILD)/has-check
$(BUILD)/has-%: .ci/packages .ci/unpack
	@mkdir -p $(@D)
	@.ci/packages $*
	@$(if $(filter peers,$*),.ci/unpack $(BUILD)/peers)
	@touch $@
deps: ## install all that building and testing need
	.ci/packages build check peers lint
	.ci/unpack $(BUILD)/peers

# The tests run against an installed tree: a stage made here, or TKT_STAGE=DIR from `make install DESTDIR=DIR`.
TKT_STAGE ?= $(abspath $(BUILD))/stage
suites := $(wildcard tests/cli/*.bats tests/mail/*.bats tests/e2e/*.bats)
staged := TKT_STAGE=$(TKT_STAGE) TKT_BUILD=$(abspath $(BUILD)) PREFIX=$(PREFIX)
ifdef SANITIZE
staged += ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=print_stacktrace=1:exitcode=99 \
	LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0
endif
stage: all
	rm -rf $(BUILD)/stage
	@$(MAKE) --no-print-directory install DESTDIR=$(abspath $(BUILD))/stage >/dev/null
# Mail servers exclude one another: where another one than postfix is at work it stays, and what needs them is skipped
peers := $(if $(or $(CI),$(wildcard /usr/sbin/postconf),$(if $(wildcard /usr/sbin/sendmail),,none)),$(BUILD)/has-peers)
check: units $(BUILD)/has-check $(peers) $(if $(filter %/$(BUILD)/stage,$(TKT_STAGE)),stage) ## run all tests
	$(staged) prove -j2 --failures --comments -e tests/run $(units) $(suites)
demo: stage ## mails come in, become tickets, are answered, go out
	$(staged) tests/demo
bench: stage $(probes) $(BUILD)/has-bench ## measure against peers, one table
	$(staged) tests/bench/run

bin   := $(DESTDIR)$(PREFIX)/bin
share := $(DESTDIR)$(PREFIX)/share
data  := $(filter-out share/po/%,$(wildcard share/*/*))
install: all ## to DESTDIR and PREFIX
	install -d $(bin) $(share)/tkt $(share)/man/man1 $(share)/man/man5 $(share)/man/man7 \
		$(share)/bash-completion/completions $(share)/zsh/site-functions $(share)/fish/vendor_completions.d
	install $(addprefix $(BUILD)/bin/,$(commands) $(scripts)) $(bin)
	rm -rf $(share)/tkt/*
	cp -R $(patsubst %/,%,$(sort $(dir $(data)))) $(if $(catalogs),$(BUILD)/locale) $(share)/tkt
	$(foreach page,$(pages),install -m 644 $(page) $(share)/man/man$(subst .,,$(suffix $(page)))$(newline))
	install -m 644 completions/_tkt $(share)/zsh/site-functions
	install -m 644 completions/tkt.bash $(share)/bash-completion/completions/tkt
	install -m 644 completions/tkt.fish $(share)/fish/vendor_completions.d
	for name in $(filter-out tkt,$(commands)); do \
		ln -sf tkt $(share)/bash-completion/completions/$$name; \
		ln -sf tkt.fish $(share)/fish/vendor_completions.d/$$name.fish; done
uninstall: ## what install laid
	rm -rf $(share)/tkt
	rm -f $(addprefix $(bin)/,$(commands) $(scripts)) $(share)/zsh/site-functions/_tkt \
		$(addprefix $(share)/bash-completion/completions/,$(commands)) \
		$(patsubst %,$(share)/fish/vendor_completions.d/%.fish,$(commands)) \
		$(foreach page,$(pages),$(share)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))

c_files := $(wildcard lib/*/*.[ch] cmd/*.c tests/*.c tests/unit/*.[ch] tests/bench/*.c tests/fuzz/*.[ch])
shell_files := .ci/run .ci/packages .ci/unpack tests/run tests/fuzz/run tests/fuzz/keep $(wildcard tests/demo tests/bench/run cmd/*.sh completions/tkt.bash tests/*/*.bash tests/*/*.bats)
lint: lint-format lint-code lint-headers lint-shell lint-pages lint-words ## all that can be seen without running it
lint-format: $(BUILD)/has-lint
	@clang-format --dry-run -Werror $(c_files)
lint-code: $(BUILD)/has-build $(BUILD)/has-lint
	@cppcheck --quiet --error-exitcode=1 --enable=warning,performance --library=posix --inline-suppr -j2 -Ilib \
		--suppressions-list=.cppcheck '-Djson_array_foreach(array, index, value)=for (index = 0; array[index];)' \
		'-Djson_object_foreach(object, key, value)=for (key = object; key;)' \
		'-DG_DEFINE_AUTOPTR_CLEANUP_FUNC(type, function)=' $(sources) $(wildcard cmd/*.c)
	@printf '%s\n' $(sources) $(wildcard cmd/*.c) | xargs -P2 -n8 sh -c \
		'clang-tidy --quiet "$$@" -- -std=gnu11 $(includes) -D_GNU_SOURCE -DTKT_VERSION=__FILE__ -DTKT_DATADIR=__FILE__ 2>&1 | \
		grep -E "(warning|error):"; [ $$? = 1 ]' sh
lint-headers: $(BUILD)/has-build # each compiles alone
	@for header in $(wildcard lib/*/*.h); do echo "#include \"$$header\"" | $(compile) -I. -fsyntax-only -x c - || exit 1; done
lint-shell: $(BUILD)/has-lint
	@shellcheck $(shell_files)
lint-pages: $(BUILD)/has-lint
	@$(if $(pages),mandoc -Tlint -Wwarning $(pages),:)
lint-words: $(BUILD)/has-build $(BUILD)/tkt.pot # nothing untranslated, nothing fuzzy
	@$(foreach po,$(wildcard share/po/*.po),msgfmt --check -o /dev/null $(po) && msgcmp $(po) $(BUILD)/tkt.pot &&) :
format: ## rewrite C files in the house's layout
	clang-format -i $(c_files)
$(BUILD)/tkt.pot: $(wildcard cmd/*.c) $(sources) | $(BUILD)/has-build
	@mkdir -p $(@D)
	@xgettext --keyword=_ --keyword=N_ --add-comments=TRANSLATORS: --from-code=UTF-8 --no-location --sort-output \
		--package-name=tkt --copyright-holder= --foreign-user -o $@ $^
	@sed -i -e '/^"POT-Creation-Date:/d' -e '/^# SOME/d' -e '/^# This file/d' -e '/^# FIRST/d' -e 's/=CHARSET/=UTF-8/' $@ # no date: only words change it
pot: $(BUILD)/tkt.pot ## refresh share/po from the sources
	cp $< share/po/tkt.pot
	$(foreach po,$(wildcard share/po/*.po),msgmerge --quiet --update --backup=none --no-fuzzy-matching $(po) $<$(newline))

schema: units ## bring share/schema up to the field tables
	$(BUILD)/tests/fields | tests/schema-fields share/schema

# Each parser has a libFuzzer target; tests/fuzz/run says where its corpus and what it finds are.
fuzzers := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 60
fuzz: fuzzers ## run each fuzz target for FUZZ_SECONDS (60), with clang, in build-fuzz
	@tests/fuzz/run build-fuzz $(FUZZ_SECONDS) $(notdir $(fuzzers))
fuzzers: build-fuzz/has-fuzz
	@$(MAKE) --no-print-directory BUILD=build-fuzz SHARED=1 CC=clang $(fuzzers:$(BUILD)/%=build-fuzz/%) \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
build-fuzz/has-fuzz: .ci/packages
	@mkdir -p $(@D)
	@.ci/packages fuzz
	@touch $@
$(fuzzers): LDFLAGS += -fsanitize=fuzzer
$(fuzzers): hidden := # the C library is to find the sanitizer's malloc
$(fuzzers): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libtkt.a
	@mkdir -p $(@D)
	$(quiet)echo '  link $@' && $(link)

clean: ## remove what was built
	rm -rf $(BUILD)
help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12
	@echo 'PREFIX=DIR and DESTDIR=DIR for install; BUILD=DIR builds elsewhere; SANITIZE=1 adds ASan and UBSan;'
	@echo 'SHARED=1 links no archives of other libraries;'
	@echo 'CI=1 makes warnings errors; V=1 shows commands; TKT_STAGE=DIR checks an installed tree.'

define newline


endef
.SECONDARY:
force:
.PHONY: force all units deps stage check demo bench install uninstall lint lint-format lint-code lint-headers lint-shell lint-pages lint-words format pot schema fuzz fuzzers clean help
-include $(shell find $(BUILD)/lib $(BUILD)/cmd $(BUILD)/tests -name '*.d' 2>/dev/null)

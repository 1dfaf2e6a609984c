{#
  The amount of money that a text means, as its feed writes amounts; null when it can't be read.

  What: the keys of the feed's `amounts`: decimal_sign, '.' unless declared; grouping_sign, between groups of
  three digits, or of two before the last three as in India; negative, [parentheses, trailing_minus];
  currency_signs, before or behind. Blanks and guards around, digits of full width and a minus of print are
  always read.
  Why: 1.234 is a thousand in one feed and little more than one in the next, so that nothing is guessed.
  Example: {{ parse_amount('total', feed('shop', 'orders')) }}   '($1,200.00)' -> -1200.00
#}
{% macro parse_amount(text, feed, scale=2) -%}
{%- set amounts = feed.get('amounts', {}) -%}
{%- set point, group = plain_sign(amounts.get('decimal_sign', '.')), plain_sign(amounts.get('grouping_sign', '')) -%}
{%- set currencies = [] -%}
{%- for sign in amounts.get('currency_signs', []) -%}
    {%- do currencies.append(plain_sign(sign)) -%}
{%- endfor -%}
{%- set shapes = amount_patterns(point, group, any_of(currencies), amounts.get('negative', [])) -%}
{%- set plain = plain_amount(text) -%}
{%- set bare = regex_replace_all(plain, any_of(currencies), '') if currencies else plain -%}
{%- set digits = "replace(translate(" ~ bare ~ ", ' +-()=`’" ~ '"' ~ group ~ "', ''), '" ~ point ~ "', '.')" -%}
case
    {#- Most amounts are plain, and need no more than a look. #}
    when {{ regex_matches(text, '^-?[0-9]+([' ~ point ~ '][0-9]+)?$') }}
        then try_cast(replace({{ text }}, '{{ point }}', '.') as decimal(18,{{ scale }}))
    when {{ regex_matches(plain, shapes.scientific) }}
        then {{ parse_decimal("replace(" ~ plain ~ ", '" ~ point ~ "', '.')", scale) }}
    when {{ regex_matches(plain, shapes.positive) }}
        then try_cast({{ digits }} as decimal(18,{{ scale }}))
    when {{ regex_matches(plain, shapes.negative) }}
        then try_cast('-' || {{ digits }} as decimal(18,{{ scale }}))
end
{%- endmacro %}


{# What amounts look like, as regular expressions: `scientific`, `positive` and `negative` ones. #}
{% macro amount_patterns(point, group, currency, negative) -%}
{%- set point = '[' ~ point ~ ']' -%}
{%- set whole = '[0-9]+' -%}
{%- if group -%}
    {%- set group = '[' ~ group ~ ']' -%}
    {%- set in_threes = '[0-9]{1,3}(?:' ~ group ~ '[0-9]{3})+' -%}
    {%- set in_twos = '[0-9]{1,2}(?:' ~ group ~ '[0-9]{2})+' ~ group ~ '[0-9]{3}' -%}
    {%- set whole = whole ~ '|' ~ in_threes ~ '|' ~ in_twos -%}
{%- endif -%}
{%- set number = '(?:(?:' ~ whole ~ ')(?:' ~ point ~ '[0-9]*)?|' ~ point ~ '[0-9]+)' -%}
{%- set currency = ' *(?:' ~ currency ~ ')? *' if currency else ' *' -%}
{%- set amount = currency ~ number ~ currency -%}
{%- set positive = [amount, ' *[+]' ~ amount, currency ~ '[+] *' ~ number ~ currency] -%}
{%- set negatives = [' *-' ~ amount, currency ~ '- *' ~ number ~ currency] -%}
{%- if 'parentheses' in negative -%}
    {%- do negatives.append(currency ~ '[(]' ~ amount ~ '[)]' ~ currency) -%}
{%- endif -%}
{%- if 'trailing_minus' in negative -%}
    {%- do negatives.append(amount ~ '-' ~ currency) -%}
{%- endif -%}
{#- Before and behind a number that a spreadsheet must not read: ="…", or an apostrophe. -#}
{%- set guard, guarded = '^ *(?:=?"|[`’])?(?:', ')"? *$' -%}
{{ return({
    'scientific': '^ *[-+]?[0-9]+(?:' ~ point ~ '[0-9]*)?[eE][-+]?[0-9]+ *$',
    'positive': guard ~ positive | join('|') ~ guarded,
    'negative': guard ~ negatives | join('|') ~ guarded,
}) }}
{%- endmacro %}


{# An amount with plain signs and blanks in the place of those that other keyboards and printers have. #}
{% macro plain_amount(text) -%}
{%- set odd, plain = odd_in_amounts() -%}
case
    when {{ regex_matches(text, '[^ -&(-~]') }}
        then translate(replace({{ text }}, chr(39), '’'), '{{ odd }}', '{{ plain }}')
    else {{ text }}
end
{%- endmacro %}


{# A sign as plain_amount leaves it. #}
{% macro plain_sign(sign) -%}
{%- set odd, plain = odd_in_amounts() -%}
{%- set found = [] -%}
{%- for character in sign | replace("'", '’') -%}
    {%- do found.append(plain[odd.index(character)] if character in odd else character) -%}
{%- endfor -%}
{{ return(found | join) }}
{%- endmacro %}


{# Digits and signs of full width, the minus and dashes of print, and blanks; and what each of them means. #}
{% macro odd_in_amounts() -%}
{{ return([
    '０１２３４５６７８９．，＋－（）＄￥￡￠￦−‐‑–\t\u00a0\u2007\u2009\u202f\u3000',
    '0123456789.,+-()$¥£¢₩----      ',
]) }}
{%- endmacro %}

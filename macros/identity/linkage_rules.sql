{#
  How accounts are compared, which are, and what speaks against a link: conditions in SQL, which dbt renders into
  the models and Splink is fitted with. `orchestration/linkage_rules.py` reads this same text.

  A retailer's own rules need no change here: a variable of the same name takes the place of all that a macro says.

  identity_comparisons    the conditions of the levels of each comparison, the most alike first, where `_l` and `_r`
                          tell the features of the two accounts apart (int_account_features). A pair has the first
                          level that holds. `rarity`: an equal value counts the more, the rarer it is. Other levels
                          need other weights: `regulars fit identity`. Distances of Levenshtein only: they are the
                          same on every engine. Example: {% for name, rule in identity_comparisons().items() %}
  identity_blocking_rules what accounts must share to be compared; those that share an identifier are as well. Each
                          rule finds pairs in which what the other rules need is missing or misspelt.
  identity_contradictions what forbids that two accounts are linked, whatever they share, and the reason that is shown:
                          the first that holds, so that those without a limit (variable identity_contradiction_limits)
                          come first. The conditions name the features and the levels of comparisons.
#}
{% macro identity_comparisons() -%}
{{ return(var('identity_comparisons') or fromyaml(shipped_identity_comparisons())) }}
{%- endmacro %}


{% macro identity_blocking_rules() -%}
{{ return(var('identity_blocking_rules') or fromyaml(shipped_identity_blocking_rules())) }}
{%- endmacro %}


{% macro identity_contradictions() -%}
{{ return(var('identity_contradictions') or fromyaml(shipped_identity_contradictions())) }}
{%- endmacro %}


{% macro shipped_identity_comparisons() %}
given_name:
  rarity: true
  levels:
    - given_name_l = given_name_r
    - given_name_l = family_name_r
    - levenshtein(given_name_l, given_name_r) <= 1
    - levenshtein(given_name_l, given_name_r) <= 3
    - levenshtein(given_name_l, family_name_r) <= 2
family_name:
  rarity: true
  levels:
    - family_name_l = family_name_r
    - family_name_l = given_name_r
    - levenshtein(family_name_l, family_name_r) <= 1
    - levenshtein(family_name_l, family_name_r) <= 3
    - levenshtein(family_name_l, given_name_r) <= 2
birth_date:
  rarity: false
  levels:
    - birth_date_l = birth_date_r
    - levenshtein(birth_date_l, birth_date_r) <= 1
    - levenshtein(birth_date_l, birth_date_r) <= 2
    - left(birth_date_l, 5) || right(birth_date_l, 2) || substring(birth_date_l, 5, 3) = birth_date_r
address:
  rarity: true
  levels:
    - address_l = address_r
    - levenshtein(address_l, address_r) <= 2
    - levenshtein(address_l, address_r) <= 5
    - levenshtein(address_l, address_r) <= 10
city:
  rarity: true
  levels:
    - city_l = city_r
    - levenshtein(city_l, city_r) <= 2
postcode:
  rarity: true
  levels:
    - postcode_l = postcode_r
    - levenshtein(postcode_l, postcode_r) <= 1
phone:
  rarity: false
  levels:
    - phone_l = phone_r
    - levenshtein(phone_l, phone_r) <= 1
    - levenshtein(phone_l, phone_r) <= 2
email:
  rarity: false
  levels:
    - email_l = email_r
    - split_part(email_l, '@', 1) = split_part(email_r, '@', 1)
    - levenshtein(email_l, email_r) <= 2
{% endmacro %}


{% macro shipped_identity_blocking_rules() %}
birth_date:
  - birth_date
full_name:
  - family_name
  - given_name
swapped_name:
  - least(family_name, given_name)
  - greatest(family_name, given_name)
address:
  - address
street:
  - left(address, 9)
  - postcode
given_name_at_address:
  - given_name
  - left(address, 9)
family_name_at_address:
  - family_name
  - left(address, 9)
given_name_in_city:
  - given_name
  - city
family_name_in_city:
  - family_name
  - city
given_name_at_postcode:
  - given_name
  - postcode
family_name_at_postcode:
  - family_name
  - postcode
postcode_in_city:
  - city
  - postcode
given_name_on_birthday:
  - given_name
  - right(birth_date, 5)
family_name_on_birthday:
  - family_name
  - right(birth_date, 5)
family_name_in_birth_year:
  - family_name
  - left(birth_date, 4)
beginning_of_name:
  - left(family_name, 3)
  - left(given_name, 3)
phone_but_last:
  - left(phone, 12)
phone_but_first:
  - right(phone, 8)
{% endmacro %}


{% macro shipped_identity_contradictions() %}
{# Two slips of the keys, as of neighbouring digits that change places, make no other number. #}
other_national_id: levenshtein(national_id_l, national_id_r) > 2
other_union_id: union_id_l <> union_id_r
{# Clerks mistake a character for one alike in shape or sound; a given name without any in common is another's. #}
other_hanzi: given_name_level = 0 and translate(given_hanzi_l, given_hanzi_r, '') = given_hanzi_l
other_birth_date_and_name: >-
  birth_date_level = 0 and given_name_level = 0
  and levenshtein(name_key_l, name_key_r) > length(name_key_l) / 2
{% endmacro %}

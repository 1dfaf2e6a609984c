{#
  How accounts are compared, which are, and what speaks against a link: conditions in SQL, which dbt renders into
  the models and Splink is fitted with. `orchestration/linkage_rules.py` reads this same text.

  A retailer's own rules need no change here: a variable of the same name takes the place of all that a macro says.

  identity_comparisons    the conditions of the levels of each comparison, the most alike first, where `_l` and `_r`
                          tell the features of the two accounts apart (int_account_features). A pair has the first
                          level that holds. `rarity`: an equal value counts the more, the rarer it is. Other levels
                          need other weights: `regulars fit identity`.
                          Example: {% for name, rule in identity_comparisons().items() %}
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


{#
  How alike two texts are, by functions that every engine has: of distances, Levenshtein's alone. Of a condition all
  lines but the first stand further in than the lists of levels below, as YAML asks for. More than a slip in the digits
  of an address is another house, which tells something only where one in a thousand lives in the street; any other
  digit in a mailbox is a namesake's. Most pairs are of strangers, whom lengths or beginnings refuse at a tenth of what
  a distance costs: so these come first.

  within            so many steps of Levenshtein at most, which are no fewer than what lengths differ by
  same_letters      as long as each other, of the same letters: two Hanzi that have changed places, as shifan and fanshi
  one_slip          a letter wrong, too many or too few, or two neighbours that have changed places: two steps of
                    Levenshtein between texts of the same letters, as is a letter in another place.
                    Example: {{ one_slip('postcode_l', 'postcode_r') }}
  one_slip_in_word  likewise, of words with so many letters at least: many short ones are a letter apart (wei and lei)
  begins_or_ends    one is the beginning or the end of the other: Rob and Robert, 伟 and 建伟
  mostly_equal      at most a third is another, of six letters and more
  same_words        the same words in another order
  line_of           one is the first or the last line of the other, and is not parted from the rest within a number.
                    Nine bytes, or three Hanzi, are a street; a text is as far from none as it has bytes, whatever an
                    engine calls its length.
  first_words       two words, as number and street; null where a text has one, as in Hanzi
  latin             neither is in Hanzi, of which another is another place, and no slip
#}
{% macro within(left, right, steps) -%}
(abs(length({{ left }}) - length({{ right }})) <= {{ steps }} and levenshtein({{ left }}, {{ right }}) <= {{ steps }})
{%- endmacro %}

{% macro same_letters(left, right) -%}
length({{ left }}) = length({{ right }})
        and translate({{ left }}, {{ right }}, '') = ''
        and translate({{ right }}, {{ left }}, '') = ''
{%- endmacro %}

{% macro one_slip(left, right) -%}
(abs(length({{ left }}) - length({{ right }})) <= 1
        and levenshtein({{ left }}, {{ right }}) <= 2
        and (levenshtein({{ left }}, {{ right }}) <= 1 or {{ same_letters(left, right) }}))
{%- endmacro %}

{% macro one_slip_in_word(left, right, letters) -%}
(least(length({{ left }}), length({{ right }})) >= {{ letters }} and {{ one_slip(left, right) }})
{%- endmacro %}

{% macro begins_or_ends(whole, part) -%}
(left({{ whole }}, length({{ part }})) = {{ part }} or right({{ whole }}, length({{ part }})) = {{ part }})
{%- endmacro %}

{% macro mostly_equal(left, right) -%}
(least(length({{ left }}), length({{ right }})) >= 6
        and {{ within(left, right, 'least(length(' ~ left ~ '), length(' ~ right ~ ')) / 3') }})
{%- endmacro %}

{% macro same_words(left, right) -%}
length({{ left }}) = length({{ right }})
        and array_sort(split({{ left }}, ' ')) = array_sort(split({{ right }}, ' '))
{%- endmacro %}

{% macro line_of(whole, part) -%}
(levenshtein({{ part }}, '') >= 9
        and (
            (
                left({{ whole }}, length({{ part }})) = {{ part }}
                and not (
                    right({{ part }}, 1) between '0' and '9'
                    and right(left({{ whole }}, length({{ part }}) + 1), 1) between '0' and '9'
                )
            )
            or (
                right({{ whole }}, length({{ part }})) = {{ part }}
                and not (
                    left({{ part }}, 1) between '0' and '9'
                    and left(right({{ whole }}, length({{ part }}) + 1), 1) between '0' and '9'
                )
            )
        ))
{%- endmacro %}

{% macro first_words(text) -%}
split_part({{ text }}, ' ', 1) || ' ' || nullif(split_part({{ text }}, ' ', 2), '')
{%- endmacro %}

{% macro latin(left, right) -%}
greatest({{ left }}, {{ right }}) < '~'
{%- endmacro %}


{% macro shipped_identity_comparisons() %}
given_name:
  rarity: true
  levels:
    - given_name_l = given_name_r
    - given_name_l = family_name_r or {{ one_slip_in_word('given_name_l', 'family_name_r', 5) }}
    - {{ one_slip_in_word('given_name_l', 'given_name_r', 5) }}
    - {{ begins_or_ends('given_name_l', 'given_name_r') }} or {{ begins_or_ends('given_name_r', 'given_name_l') }}
    - >-
      {{ one_slip_in_word('given_name_l', 'given_name_r', 4) }} or {{ mostly_equal('given_name_l', 'given_name_r') }}
      or (length(given_name_l) >= 5 and {{ same_letters('given_name_l', 'given_name_r') }})
family_name:
  rarity: true
  levels:
    - family_name_l = family_name_r
    - family_name_l = given_name_r or {{ one_slip_in_word('family_name_l', 'given_name_r', 5) }}
    - {{ one_slip_in_word('family_name_l', 'family_name_r', 5) }}
    - >-
      {{ one_slip_in_word('family_name_l', 'family_name_r', 4) }}
      or {{ mostly_equal('family_name_l', 'family_name_r') }}
birth_date:
  rarity: true
  levels:
    - birth_date_l = birth_date_r
    - left(birth_date_l, 5) || right(birth_date_l, 2) || substring(birth_date_l, 5, 3) = birth_date_r
    - levenshtein(birth_date_l, birth_date_r) <= 1
    - levenshtein(birth_date_l, birth_date_r) <= 2
address:
  rarity: true
  levels:
    - address_l = address_r
    - {{ same_words('address_l', 'address_r') }}
    - >-
      {{ one_slip('address_digits_l', 'address_digits_r') }}
      and {{ within('address_l', 'address_r', 2) }}
      and ({{ latin('address_l', 'address_r') }} or levenshtein(address_l, address_r) <= 1)
    - {{ line_of('address_l', 'address_r') }} or {{ line_of('address_r', 'address_l') }}
    - >-
      {{ latin('address_l', 'address_r') }}
      and (
        (
          (
            {{ one_slip('address_digits_l', 'address_digits_r') }}
            or greatest(street_share_l, street_share_r) <= 0.001
          )
          and {{ mostly_equal('address_l', 'address_r') }}
        )
        or (
          left(address_l, 2) = left(address_r, 2)
          and {{ first_words('address_l') }} = {{ first_words('address_r') }}
        )
      )
city:
  rarity: true
  levels:
    - city_l = city_r
    - {{ latin('city_l', 'city_r') }} and {{ one_slip_in_word('city_l', 'city_r', 5) }}
    - {{ latin('city_l', 'city_r') }} and {{ mostly_equal('city_l', 'city_r') }}
postcode:
  rarity: true
  levels:
    - postcode_l = postcode_r
    - {{ one_slip('postcode_l', 'postcode_r') }}
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
    - email_digits_l = email_digits_r and {{ one_slip('email_l', 'email_r') }}
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
{% set other_national_id = 'levenshtein(national_id_l, national_id_r) > 2' %}
{#
  A shop knows phones, and a family shares them; of a register without them, what a household shares is taken for one
  person's.
#}
{% set of_a_shop = 'phone_share_l is not null' %}
{#
  With another name or birth date they are two people, twins or father and son among them; with both equal, a number was
  mistyped.
#}
other_national_id_and_person: >-
  {{ other_national_id }} and {{ of_a_shop }} and (given_name_level between 0 and 1 or birth_date_level = 0)
other_union_id: union_id_l <> union_id_r
{# Clerks mistake a character for one alike in shape or sound; a given name without any in common is another's. #}
other_hanzi: given_name_level = 0 and translate(given_hanzi_l, given_hanzi_r, '') = given_hanzi_l
{#
  A family shares phone, surname, address and now and then a mailbox. Who has another given name is another member of
  it, unless the birth date says otherwise, or the mailbox where not even the surname is equal. Half a name says
  nothing, since its part may have changed places with the other; names of three words are compared as a whole.
#}
other_given_name: >-
  {{ of_a_shop }}
  and (given_name_level = 0 or (given_name_level = 4 and family_name_level = 0))
  and family_name_level >= 0
  and (
    birth_date_level between 0 and 1
    or (birth_date_level = -1 and (email_level <= 0 or family_name_level in (2, 4)))
  )
  and not (name_key_l like '% % %' and levenshtein(name_key_l, name_key_r) <= 2)
other_national_id: {{ other_national_id }}
other_birth_date_and_name: >-
  birth_date_level = 0 and given_name_level = 0
  and levenshtein(name_key_l, name_key_r) > length(name_key_l) / 2
{% endmacro %}

{#
  How many standard deviations of the normal distribution are as unlikely as t of Student's with so many degrees of freedom, which
  may be broken (Welch); of 20 and more to 1e-10 of a chance (Hill 1970, Algorithm 395).

  Why an expansion: the incomplete beta function of which Student's is made has no end in SQL. `student_log` is its first step,
  a column of its own, since the second asks for it often.
  Example: {{ student_log('t', 'df') }} as y, then {{ student_deviate('y', 'df') }}
#}
{% macro student_log(t, df) -%}
({{ df }} - 5e-1) * {{ log_of_one_plus('(' ~ t ~ ') * (' ~ t ~ ') / (' ~ df ~ ')') }}
{%- endmacro %}

{% macro student_deviate(y, df) -%}
(1 + {{ hill_term(y, df) }}) * sqrt({{ y }})
{%- endmacro %}


{#
  Likewise backwards: from so many standard deviations of the normal distribution to t, in three steps that bring it to 1e-11.

  Example: {{ student_step(z, z * z, 'df') }} as y, twice {{ student_step(z, 'y', 'df') }} as y, then {{ student_of('y', 'df') }}
#}
{% macro student_step(z, y, df) -%}
power({{ z }} / (1 + {{ hill_term(y, df) }}), 2)
{%- endmacro %}

{% macro student_of(y, df) -%}
sqrt({{ df }} * {{ power_less_one('(' ~ y ~ ') / (' ~ df ~ ' - 5e-1)') }})
{%- endmacro %}


{# By which share the normal deviate differs from the root of y, with b = 48 (df − ½)². #}
{% macro hill_term(y, df) -%}
{%- set b = '(48e0 * (' ~ df ~ ' - 5e-1) * (' ~ df ~ ' - 5e-1))' -%}
((((-4e-1 * ({{ y }}) - 3.3e0) * ({{ y }}) - 24) * ({{ y }}) - 8.55e1) / (8e-1 * ({{ y }}) * ({{ y }}) + 100 + {{ b }}) + ({{ y }}) + 3) / {{ b }}
{%- endmacro %}


{#
  ln(1 + u) and exp(u) − 1 where u may be tiny: the rounding of 1 + u is taken out again (Kahan).
  Why: of a million people u is a millionth, and ten of sixteen digits would be gone.
#}
{% macro log_of_one_plus(u) -%}
(case when 1e0 + {{ u }} = 1e0 then {{ u }} else ln(1e0 + {{ u }}) * ({{ u }}) / ((1e0 + {{ u }}) - 1e0) end)
{%- endmacro %}

{% macro power_less_one(u) -%}
(case when exp({{ u }}) = 1e0 then {{ u }} else (exp({{ u }}) - 1e0) * ({{ u }}) / ln(exp({{ u }})) end)
{%- endmacro %}

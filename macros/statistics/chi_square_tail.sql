{#
  The chance of a greater χ² with so many degrees of freedom, 1 to 30 of them; null of more (Abramowitz and Stegun 1964, 26.4.4 and
  26.4.5: of whole degrees it is a finite sum).

  Example: {{ chi_square_tail('x', 'df') }}   3.841458820694124, 1 -> 0.05
#}
{% macro chi_square_tail(x, df) -%}
case
    when {{ df }} % 2 = 1
        then 2 * ({{ normal_tail('sqrt(' ~ x ~ ')') }}) + exp(-({{ x }}) / 2) * sqrt({{ x }}) * 7.978845608028654e-1 * case {{ df }}
            when 1 then 0e0
            {%- for degrees in range(3, 30, 2) %}
            when {{ degrees }} then {{ chi_square_terms(x, degrees) }}
            {%- endfor %}
        end
    else exp(-({{ x }}) / 2) * case {{ df }}
        {%- for degrees in range(2, 31, 2) %}
        when {{ degrees }} then {{ chi_square_terms(x, degrees) }}
        {%- endfor %}
    end
end
{%- endmacro %}


{# 1 + x/3 + x²/(3·5) + …, or 1 + x/2 + x²/(2·4) + …, of half as many terms as degrees. #}
{% macro chi_square_terms(x, degrees) -%}
{%- set term = {'product': 1.0} -%}
{%- set terms = ['1e0'] -%}
{%- for step in range(3 if degrees % 2 else 2, degrees, 2) -%}
    {%- do term.update({'product': term.product * step}) -%}
    {%- do terms.append('power(' ~ x ~ ', ' ~ loop.index ~ ') / ' ~ term.product) -%}
{%- endfor -%}
({{ terms | join(' + ') }})
{%- endmacro %}

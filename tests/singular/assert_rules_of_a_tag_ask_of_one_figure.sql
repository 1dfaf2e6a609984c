-- What: all rules of a tag ask of the same figure.
-- Why: of what fits somebody on a day the rule of the lowest rank is told; figures have days of their own, and two of them that overlap would be told
-- at once.
-- Returns tags whose rules ask of several figures.
select tag, min(figure) as figure, max(figure) as another
from {{ ref('tag_rules') }}
group by tag
having min(figure) <> max(figure)

{#
  Text as it was meant, whatever was pressed to type it: each blank one space, nothing unseen, and
  full-width letters, circled and raised digits, the radicals of Kangxi and ligatures as plain ones;
  null when nothing is left.

  Why: keyboards, web pages and PDF files write one name in forms that look alike and are not equal.
  It is what Unicode's normal form NFKC does for these characters, and no more: it leaves alone
  accents that stand apart from their letters, katakana of half width, characters that stand for
  several letters, two full-width ones that SQL can't write plainly (the apostrophe and the
  backslash), and Hanzi that are encoded a second time for other systems.
  Example: {{ plain_characters('full_name') }}   ' Ａｎｎ　Ｗｕ' -> 'Ann Wu'
#}
{% macro plain_characters(text) -%}
{%- set odd =
    '！＂＃＄％＆（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜'
    ~ '｝～￠￡￥￦'
    ~ '①②③④⑤⑥⑦⑧⑨ⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩ'
    ~ '²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉'
    ~ '⼀⼁⼂⼃⼄⼅⼆⼇⼈⼉⼊⼋⼌⼍⼎⼏⼐⼑⼒⼓⼔⼕⼖⼗⼘⼙⼚⼛⼜⼝⼞⼟⼠⼡⼢⼣⼤⼥⼦⼧⼨⼩⼪⼫⼬⼭⼮⼯⼰⼱⼲⼳⼴⼵⼶⼷⼸⼹⼺⼻⼼⼽⼾⼿⽀⽁⽂⽃⽄⽅⽆⽇⽈⽉⽊⽋⽌⽍⽎⽏⽐⽑⽒⽓⽔⽕⽖⽗⽘⽙'
    ~ '⽚⽛⽜⽝⽞⽟⽠⽡⽢⽣⽤⽥⽦⽧⽨⽩⽪⽫⽬⽭⽮⽯⽰⽱⽲⽳⽴⽵⽶⽷⽸⽹⽺⽻⽼⽽⽾⽿⾀⾁⾂⾃⾄⾅⾆⾇⾈⾉⾊⾋⾌⾍⾎⾏⾐⾑⾒⾓⾔⾕⾖⾗⾘⾙⾚⾛⾜⾝⾞⾟⾠⾡⾢⾣⾤⾥⾦⾧⾨⾩⾪⾫⾬⾭⾮⾯⾰⾱⾲⾳'
    ~ '⾴⾵⾶⾷⾸⾹⾺⾻⾼⾽⾾⾿⿀⿁⿂⿃⿄⿅⿆⿇⿈⿉⿊⿋⿌⿍⿎⿏⿐⿑⿒⿓⿔⿕'
-%}
{%- set plain =
    '!"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|'
    ~ '}~¢£¥₩'
    ~ '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    ~ '23104567890123456789'
    ~ '一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿'
    ~ '片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音'
    ~ '頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠'
-%}
{%- set ligatures = {'ﬀ': 'ff', 'ﬁ': 'fi', 'ﬂ': 'fl', 'ﬃ': 'ffi', 'ﬄ': 'ffl', 'ﬅ': 'st', 'ﬆ': 'st'} -%}
{#- Controls, soft hyphens, zero widths, marks of direction, and selectors of a variant. -#}
{%- set unseen =
    '\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b-\u200f'
    ~ '\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef'
-%}
{%- set blanks =
    ' \u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'
-%}
{%- set mapped = namespace(sql='translate(' ~ text ~ ", '" ~ odd ~ "', '" ~ plain ~ "')") -%}
{%- for ligature, letters in ligatures.items() -%}
    {%- set mapped.sql = 'replace(' ~ mapped.sql ~ ", '" ~ ligature ~ "', '" ~ letters ~ "')" -%}
{%- endfor -%}
{#- Few rows need the long table, and it is slow: a million rows take 9 s with it, and 0.1 s without. -#}
{%- set known -%}
case
    when {{ regex_matches(text, '[' ~ odd ~ ligatures.keys() | join ~ ']') }} then {{ mapped.sql }}
    else {{ text }}
end
{%- endset -%}
{%- set seen = regex_replace_all(known, '[' ~ unseen ~ ']', '') -%}
nullif({{ trimmed(regex_replace_all(seen, '[' ~ blanks ~ ']+', ' ')) }}, '')
{%- endmacro %}

"""The sentence of every problem a charter may have, in both languages, with a hint.

A code is never reused. ``C0`` the file's form, ``C1`` its words, ``C2`` what they mean together,
``C3`` policy. Faults of expressions carry the codes ``E1`` of ``zhangfa.expression``.
"""

# ruff: noqa: E501 — a sentence stays on one line
# fmt: off
from __future__ import annotations

Sentence = tuple[str, str, str, str]

FORM: dict[str, Sentence] = {
    "C001": ("这不是合法的 YAML：{said_zh}。", "This is not YAML: {said}.", "请检查缩进、冒号后的空格和引号。", "Check indentation, the space after each colon, and quotes."),
    "C002": ("文件有 {size} 字节，超过 {most} 字节。", "The file has {size} bytes, more than {most}.", "一个文件只写一个机制。", "One file says one mechanism."),
    "C003": ("文件不是 UTF-8 编码。", "The file is not UTF-8.", "请另存为 UTF-8。", "Save it as UTF-8."),
    "C004": ("文件含有不允许的控制字符 {sign}。", "The file holds the forbidden control character {sign}.", "请删去它；它看不见，却会改变读法。", "Delete it: it cannot be seen and changes how the text reads."),
    "C005": ("不允许使用锚点“&{name}”。", 'The anchor "&{name}" is not allowed.', "请把内容原样写出。", "Write the content out."),
    "C006": ("不允许使用引用“*{name}”。", 'The alias "*{name}" is not allowed.', "请把内容原样写出；以 * 开头的文字请加引号。", "Write the content out; put a text that begins with * in quotes."),
    "C007": ("不允许使用合并键“<<”。", 'The merge key "<<" is not allowed.', "请把内容原样写出。", "Write the content out."),
    "C008": ("不允许使用标签或指令“{tag}”。", 'The tag or directive "{tag}" is not allowed.', "值的类型由词决定；以 ! 或 % 开头的文字请加引号。", "The word decides the type; put a text that begins with ! or % in quotes."),
    "C009": ("“{word}”写了两遍，第一遍在第 {first} 行。", '"{word}" stands twice, first on line {first}.', "请删去一处。", "Delete one of them."),
    "C010": ("一个文件里有几份文档（---）。", "The file holds several documents (---).", "每份章程各写一个文件。", "Write each charter in a file of its own."),
    "C011": ("嵌套超过 {most} 层。", "The nesting is deeper than {most} levels.", "章程用不到这么多层。", "No charter needs that many."),
    "C012": ("条目超过 {most} 个。", "There are more than {most} entries.", "一个文件只写一个机制；长清单请放在 CSV 文件里。", "One file says one mechanism; put long lists in a CSV file."),
    "C013": ("文件里没有“词: 值”。", 'The file holds no "word: value".', "章程从 charter: 代号 开始。", "A charter begins with charter: its-id."),
    "C014": ("“词”必须是单个词，不能是列表或一组值。", "A word before a colon must be a single word.", "花括号里的 {{ }} 文字请加引号。", "Put a text with braces in quotes."),
}
WORDS: dict[str, Sentence] = {
    "C101": ("不认识的词“{word}”。", 'Unknown word "{word}".', "", ""),
    "C102": ("缺少“{word}”（{zh}）。", 'The word "{word}" ({en}) is missing.', "请补上。", "Add it."),
    "C103": ("“{word}”应是{wanted_zh}，这里却是{found_zh}。", '"{word}" should be {wanted_en}; this is {found_en}.', "", ""),
    "C104": ("“{word}”应是{wanted_zh}，不能是“{value}”。", '"{word}" should be {wanted_en}, not "{value}".', "", ""),
    "C105": ("“{word}”是空的。", '"{word}" is empty.', "请写上内容，或删去这个词。", "Fill it in or delete the word."),
    "C106": ("“{word}”不能是“{value}”。", '"{word}" cannot be "{value}".', "{hint_zh}", "{hint_en}"),
    "C107": ("“{word}”不能作代号：它要用在表达式里，只能用小写英文字母、数字和 _。", '"{word}" cannot be an id: it is used in expressions, so lower-case letters, digits and _ only.', "例如 phone_number。", "For example phone_number."),
    "C108": ("“{word}”不能作代号：只能用小写英文字母、数字、- 和 _，以字母开头。", '"{word}" cannot be an id: lower-case letters, digits, - and _ only, beginning with a letter.', "例如 town-office。", "For example town-office."),
    "C109": ("本版本还不执行“{word}”（{zh}）。", 'This version does not run "{word}" ({en}) yet.', "请先从文件中取出这一段；它不会被悄悄忽略。", "Take this part out of the file for now; it is never silently ignored."),
    "C110": ("“{word}”不适用于 {type} 类型的字段。", '"{word}" does not fit a field of type {type}.', "", ""),
    "C111": ("{type} 类型的字段缺少“{word}”。", 'A field of type {type} needs "{word}".', "请补上。", "Add it."),
    "C112": ("“{word}”是系统保留的名称。", '"{word}" is a name the system keeps for itself.', "请换一个代号。", "Choose another id."),
    "C113": ("正则式“{value}”不合法：{said}。", 'The pattern "{value}" is not a regular expression: {said}.', "", ""),
    "C114": ("“by”的写法不对。", '"by" is not written rightly.', "可写：角色、[角色, …]、{{any: […]}}、{{all: […]}}、{{panel: 3 of 角色}}、{{vote: 角色, pass: 2/3 of present}}。", "Write a role, [roles], {{any: […]}}, {{all: […]}}, {{panel: 3 of role}} or {{vote: role, pass: 2/3 of present}}."),
    "C115": ("一项效果须恰好是 open、set、tell 之一。", "An effect is exactly one of open, set and tell.", "例如 {{tell: town-office}}。", "For example {{tell: town-office}}."),
    "C116": ("没有找到清单文件“{name}”。", 'The checklist file "{name}" is not there.', "请把它放在章程旁边。", "Put it beside the charter."),
    "C117": ("清单文件“{name}”第 {row} 行：{zh}。", 'Checklist file "{name}", row {row}: {en}.', "", ""),
    "C118": ("称呼“{value}”的花括号不成对，或里面不是字段代号。", 'The label "{value}" has unpaired braces, or no field id inside them.', "例如 {{category}} · {{content:20}}。", "For example {{category}} · {{content:20}}."),
    "C119": ("“{word}”须恰好有 {count} 项。", '"{word}" needs exactly {count} entries.', "", ""),
    "C120": ("“{value}”不是 {type} 类型的值。", '"{value}" is not a value of type {type}.', "", ""),
    "C121": ("“{word}”只能与“{other}”同用。", '"{word}" goes only together with "{other}".', "", ""),
    "C122": ("末日早于首日。", "The last day is before the first.", "", ""),
    "C123": ("min 大于 max。", "min is larger than max.", "", ""),
    "C124": ("“{word}”有 {count} 项，超过 {most} 项。", '"{word}" has {count} entries, more than {most}.', "长清单请放在 CSV 文件里。", "Put long lists in a CSV file."),
}
MEANING: dict[str, Sentence] = {
    "C201": ("不认识“{word}”：它不是角色、人员字段，也不是 public、author、about、assignee、system。", '"{word}" is neither a role nor a person field nor public, author, about, assignee or system.', "{hint_zh}", "{hint_en}"),
    "C202": ("没有台账“{word}”。", 'There is no register "{word}".', "{hint_zh}", "{hint_en}"),
    "C203": ("没有字段“{word}”。", 'There is no field "{word}".', "{hint_zh}", "{hint_en}"),
    "C204": ("没有步骤进入状态“{word}”。", 'No step leads to the state "{word}".', "{hint_zh}", "{hint_en}"),
    "C205": ("没有步骤“{word}”。", 'There is no step "{word}".', "{hint_zh}", "{hint_en}"),
    "C206": ("状态“{word}”到不了：从打开记录的步骤走不到它。", 'The state "{word}" cannot be reached from any opening step.', "请检查 from 和 to。", "Check from and to."),
    "C207": ("台账“{word}”没有打开记录的步骤。", 'The register "{word}" has no step that opens a record.', "至少一个步骤不写 from。", "At least one step stands without from."),
    "C208": ("decide 会得出“{word}”，它不在 to 里。", 'decide may yield "{word}", which is not in to.', "{hint_zh}", "{hint_en}"),
    "C209": ("逾期时由系统办理“{word}”，但这个步骤的 by 里没有 system。", 'Late: the system is to take "{word}", but system is not in its by.', "请写 by: system，且另设一步，不要替人表态。", "Write by: system as a step of its own; the clock never speaks for a person."),
    "C210": ("逾期时办理“{word}”，但它不能从状态“{state}”办理。", 'Late: "{word}" cannot be taken from the state "{state}".', "请把该状态写进它的 from。", "Add the state to its from."),
    "C211": ("步骤“{word}”由系统办理，却要填写“{field}”。", 'The step "{word}" is taken by the system but asks "{field}".', "系统不填写内容。", "The clock fills nothing in."),
    "C212": ("计算字段互相循环：{word}。", "Computed fields go round in a circle: {word}.", "", ""),
    "C213": ("步骤有几个去向，却没有 decide。", "The step leads to several states but has no decide.", "请写 decide，或只写一个去向。", "Write decide, or a single state."),
    "C214": ("步骤有 decide，却只有一个去向。", "The step has decide but only one state to lead to.", "请把所有可能的状态写进 to。", "Put every possible state in to."),
    "C215": ("字段“{word}”由{how_zh}得出，不能要求填写。", 'The field "{word}" is {how_en}; it cannot be asked.', "", ""),
    "C216": ("步骤要填“{word}”，但没有定义这个字段。", 'The step asks "{word}", which is not defined.', "{hint_zh}", "{hint_en}"),
    "C217": ("字段“{word}”没有任何步骤要求填写，也不是算出或带入的。", 'No step asks the field "{word}", nor is it computed or carried.', "请写进某个步骤的 asks，或删去。", "Put it in a step's asks, or delete it."),
    "C218": ("角色“{word}”没有用到。", 'The role "{word}" is never used.', "请在步骤的 by、tell 或 seen_by 里用它，或删去。", "Use it in by, tell or seen_by, or delete it."),
    "C219": ("“{word}”应是日期时间字段。", '"{word}" should be a datetime field.', "", ""),
    "C220": ("“{word}”应是{type_zh}字段，这里是 {type}。", '"{word}" should be a {type_en} field; it is {type}.', "", ""),
    "C221": ("“{word}”是台账的字段，又是设定值。", '"{word}" is both a field and a setting.', "请换一个代号，使表达式只有一种读法。", "Rename one, so that an expression reads one way."),
    "C222": ("打开记录的步骤不能由“{word}”办理：这时还没有记录。", 'An opening step cannot be taken by "{word}": there is no record yet.', "请写角色、public 或 system。", "Write a role, public or system."),
    "C223": ("状态“{word}”没有名称。", 'The state "{word}" has no title.', "请在 states 里写上。", "Add it to states."),
    "C224": ("“{word}”有名称，却没有步骤用到这个状态。", 'The state "{word}" has a title but no step uses it.', "{hint_zh}", "{hint_en}"),
    "C225": ("步骤“{word}”只能由系统办理，却没有任何 late 触发它。", 'The step "{word}" is the system\'s alone, but no late triggers it.', "请在某个步骤的 late 里写 do: {word}。", "Write do: {word} in the late of a step."),
    "C226": ("本台账没有写 about，不能用“about”。", 'The register says no about, so "about" cannot be used.', "请在台账里写 about。", "Say about in the register."),
    "C227": ("逾期规定（late）没有期限（within）。", "There is late but no within.", "请写 within。", "Write within."),
    "C228": ("没有设定值“{word}”，或它不是{type_zh}。", 'There is no setting "{word}" that is a {type_en}.', "{hint_zh}", "{hint_en}"),
    "C229": ("状态“{word}”的出路都有次数限制（at_most），用完后记录会停在这里。", 'Every way out of the state "{word}" has at_most; a record may be stuck there.', "请加一个不限次数的步骤（例如由系统办结）。", "Add a step without at_most, such as one of the system that closes it."),
    "C230": ("窗口须恰好写 submit（受理）或 shows（公示）之一。", "A door says exactly one of submit and shows.", "", ""),
    "C231": ("窗口的步骤“{word}”不能打开记录。", 'The door\'s step "{word}" does not open a record.', "请用没有 from 的步骤。", "Use a step without from."),
    "C232": ("“{unit}”不是台账“{word}”记录的归属单位。", 'Records of "{word}" do not belong to a "{unit}".', "code_for 应是台账 unit 之一。", "code_for is one of the register's unit."),
    "C233": ("日历需要至少一个日期或日期时间字段。", "A calendar needs a date or datetime field.", "", ""),
    "C234": ("burden_minutes 里的“{word}”不是“台账.步骤”。", '"{word}" in burden_minutes is not "register.step".', "例如 request.accept。", "For example request.accept."),
    "C235": ("本步骤自己的字段“{word}”与台账的字段重名。", 'The step\'s own field "{word}" has the name of a field of the register.', "请换一个代号。", "Rename it."),
    "C237": ("步骤“{word}”打开记录，不能有“{what}”。", 'The step "{word}" opens a record and cannot have "{what}".', "请删去。", "Delete it."),
    "C239": ("评审组或表决的步骤要有自己的评分表：请把 asks 写成“代号: 字段”。", "A panel fills a sheet of its own: write asks as id: field.", "例如 asks: {{mark: {{type: decimal, title: 评分}}}}。", "For example asks: {{mark: {{type: decimal, title: Mark}}}}."),
    "C240": ("表决要有两个去向：[通过, 未通过]。", "A vote leads to two states: [passed, not passed].", "", ""),
}
POLICY: dict[str, Sentence] = {
    "C301": ("章程处理敏感信息（{word}），却没有写合法依据 lawful_basis。", "The charter processes sensitive data ({word}) without lawful_basis.", "《个人信息保护法》第十三条、第二十九条。", "Personal Information Protection Law, articles 13 and 29."),
    "C302": ("章程处理敏感信息（{word}），却没有写影响评估 impact。", "The charter processes sensitive data ({word}) without impact.", "《个人信息保护法》第五十五条：事前评估并记录。", "Personal Information Protection Law, article 55: assess before processing."),
    "C303": ("窗口公示了个人或敏感字段“{word}”。", 'The door shows the personal or sensitive field "{word}" to the public.', "请从 columns 中删去。", "Take it out of columns."),
    "C304": ("窗口的提交步骤“{word}”须由 public 办理。", 'The door\'s step "{word}" must be by public.', "请写 by: public。", "Write by: public."),
    "C305": ("步骤“{word}”由公众办理，却要填内部信息“{field}”（{type}）。", 'The step "{word}" is taken by the public but asks the internal "{field}" ({type}).', "公众看不到单位和人员名册。", "The public does not see lists of people and records."),
    "C306": ("逾期办理的步骤“{word}”也可由人办理：沉默会与表态混同。", 'The step "{word}", done when late, can also be taken by a person: silence would look like consent.', "请另设一个只由 system 办理的步骤。", "Make it a step of its own, by system only."),
    "C307": ("公众填写的敏感字段“{word}”没有写 visible_to。", 'The sensitive field "{word}", filled in by the public, has no visible_to.', "请写明只给哪些角色看。", "Say which roles may read it."),
    "C308": ("含个人敏感信息的台账“{word}”没有写保存期限 keep。", 'The register "{word}" holds sensitive personal data without keep.', "《个人信息保护法》第十九条：保存期限应为所必要的最短时间。", "Personal Information Protection Law, article 19: kept for the shortest time needed."),
    "C309": ("称呼 label 里用了敏感字段“{word}”，它会出现在列表和通知里。", 'The label uses the sensitive field "{word}"; it would show in lists and notices.', "请换一个字段。", "Use another field."),
}
APPLYING: dict[str, Sentence] = {
    "C400": ("编号“{key}”已用于另一项操作。", 'The key "{key}" stands for another act.', "请换一个编号。", "Use a new key."),
    "C401": ("第 {version} 版已经施行，内容与这份不同。", "Version {version} is already in force with another text.", "已施行的版本不能改；请写 version: {next}，或删去 version。", "A version in force never changes: write version: {next}, or leave version out."),
    "C402": ("版本号 {version} 小于已施行的第 {newest} 版。", "Version {version} is below version {newest}, which is in force.", "请写 version: {next}，或删去 version。", "Write version: {next}, or leave version out."),
    "C403": ("施行日期 {day} 早于第 {newest} 版的施行日期 {after}。", "The date in force, {day}, is before {after}, from which version {newest} is in force.", "新版本不能早于它所接替的版本；请改 in_force，或用 --in-force 指定。", "A version is never in force before the one it follows: change in_force, or use --in-force."),
}
SENTENCES: dict[str, Sentence] = {**FORM, **WORDS, **MEANING, **POLICY, **APPLYING}

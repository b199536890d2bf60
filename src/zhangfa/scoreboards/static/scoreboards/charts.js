// Charts of scores. Each has a table beside it that says the same; without this file nothing is lost but the picture.
(() => {
  const INK = "#1c2733", SOFT = "#56616d", LINE = "#e1e5ea", BLUE = "#1f5fa8", PALE = "#bcd0e8", GREY = "#b6c0ca";
  const BLUES = ["#1f5fa8", "#6a9bd1", "#a9c6e6", "#123c6e", "#3f7cc0", "#8fa3b8", "#c9d3dd", "#5a6b7d"];
  const narrow = () => window.innerWidth < 768;
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: INK };
  const axis = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: SOFT, fontSize: 12 }, splitLine: { lineStyle: { color: LINE } } };
  const tip = { renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: LINE, textStyle: { color: INK, fontSize: 12 } };
  const short = (name) => (narrow() && name.length > 6 ? name.slice(0, 6) + "…" : name);
  const rows = (names) => ({ ...axis, type: "category", data: names, inverse: true, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, color: INK, formatter: short, interval: 0 } });
  const grid = (more) => ({ left: 8, right: narrow() ? 24 : 44, top: 8, bottom: 8, containLabel: true, ...more });
  const legend = { bottom: 0, type: "plain", icon: "rect", itemWidth: 12, itemHeight: 10, textStyle: { color: SOFT, fontSize: 12 } };

  const bars = (d) => {
    const all = d.base ? [{ name: d.baseName, values: d.names.map(() => d.base) }, ...d.series] : d.series;
    const lines = Math.ceil(all.length / (narrow() ? 3 : 6));
    return {
      height: d.names.length * (narrow() ? 24 : 26) + 50 + lines * 22,
      option: {
        grid: grid({ bottom: 14 + lines * 22, right: 14 + 7 * Math.max(...d.totals.map((one) => one.length)) }), legend: { ...legend, data: all.map((one) => one.name) }, tooltip: { ...tip, trigger: "axis", axisPointer: { type: "shadow" }, formatter: (ps) => [d.names[ps[0].dataIndex], ...ps.slice(0, all.length).map((p) => `${p.seriesName}  ${p.value ?? "—"}`)].join("\n") },
        xAxis: { ...axis, type: "value" }, yAxis: rows(d.names),
        series: [
          ...all.map((one, at) => ({
            name: one.name, type: "bar", stack: "all", barMaxWidth: 16, data: one.values,
            itemStyle: { color: one.left ? "#e6ebf1" : BLUES[at % BLUES.length], borderColor: "#fff", borderWidth: 1 },
          })),
          { type: "bar", stack: "all", data: d.totals.map(() => 0), silent: true, tooltip: { show: false }, label: { show: true, position: "right", color: INK, fontSize: 12, formatter: (p) => d.totals[p.dataIndex] } },
        ],
      },
    };
  };

  const dots = (d) => ({
    height: d.names.length * 44 + 80,
    option: {
      grid: grid({ bottom: 48, right: 24 }), legend: { ...legend, icon: "circle" },
      tooltip: { ...tip, formatter: (p) => (p.seriesIndex ? d.own : p.value[2]) + "  " + p.value[0] },
      xAxis: { ...axis, type: "value", min: 0, max: 100, name: d.axis, nameLocation: "middle", nameGap: 24, nameTextStyle: { color: SOFT } },
      yAxis: { ...rows(d.names), splitLine: { show: true, lineStyle: { color: LINE } } },
      series: [
        { name: d.others, type: "scatter", symbolSize: 9, itemStyle: { color: GREY, opacity: 0.65 }, data: d.peers.map(([row, value, name]) => [value, row, name]) },
        { name: d.own, type: "scatter", symbolSize: 15, z: 5, itemStyle: { color: BLUE, borderColor: "#fff", borderWidth: 2 }, data: d.mine.map((value, row) => [value, row]).filter((each) => each[0] !== null) },
      ],
    },
  });

  const bands = (d) => {
    const last = Math.max(...d.rows.map((row) => row[4]), 2);
    const draw = (params, api) => {
      const at = (rank) => api.coord([rank, api.value(5)]);
      const [high, low, best, worst] = [at(api.value(0)), at(api.value(1)), at(api.value(3)), at(api.value(4))];
      const y = high[1], thick = 9;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: best[0], y1: y, x2: worst[0], y2: y }, style: { stroke: PALE, lineWidth: 2 } },
          { type: "rect", shape: { x: high[0] - 5, y: y - thick / 2, width: low[0] - high[0] + 10, height: thick, r: 4 }, style: { fill: "#8fb2da" } },
        ],
      };
    };
    return {
      height: d.names.length * (narrow() ? 24 : 32) + 70,
      option: {
        grid: grid({ bottom: 30, right: 20 }),
        tooltip: { ...tip, formatter: (p) => { const r = d.rows[p.dataIndex]; return `${d.names[p.dataIndex]}\n${d.words[0]} ${r[2]}\n${d.words[1]} ${r[0]}–${r[1]}\n${d.words[2]} ${r[3]}–${r[4]}`; } },
        xAxis: { ...axis, type: "value", min: 0, max: last + 1, name: d.axis, nameLocation: "middle", nameGap: 24, nameTextStyle: { color: SOFT }, minInterval: 1, interval: last <= 16 ? 1 : undefined, axisLabel: { ...axis.axisLabel, formatter: (v) => (Number.isInteger(v) && v > 0 && v <= last ? v : "") } },
        yAxis: rows(d.names),
        series: [
          { type: "custom", renderItem: draw, encode: { x: [0, 1, 3, 4], y: 5 }, data: d.rows.map((row, at) => [...row, at]) },
          { type: "scatter", symbolSize: 9, z: 5, itemStyle: { color: "#123c6e", borderColor: "#fff", borderWidth: 1.5 }, data: d.rows.map((row, at) => [row[2], at]) },
        ],
      },
    };
  };

  const trend = (d) => {
    const most = Math.max(...d.rows.flatMap((row) => row.values.map((each) => each || 0)), 2);
    let chosen = "";
    // Those who end on one place share one label: the own name first, then the first of them.
    const ends = new Map();
    d.rows.forEach((row) => { const end = row.values[row.values.length - 1]; if (!ends.has(end) || row.own) ends.set(end, { row, count: (ends.get(end) || { count: 0 }).count }); ends.get(end).count += 1; });
    const label = (row) => { const end = ends.get(row.values[row.values.length - 1]); return row.values[row.values.length - 1] == null || end.row !== row ? "" : short(row.name) + (end.count > 1 ? ` +${end.count - 1}` : ""); };
    return {
      height: Math.max(320, Math.min(d.rows.length, 20) * 22 + 60),
      option: {
        grid: grid({ right: narrow() ? 84 : 120, top: 16, bottom: 4 }), tooltip: { ...tip, trigger: "item", formatter: (p) => `${p.seriesName}\n${p.name}  ${p.value}` },
        xAxis: { ...axis, type: "category", data: d.periods, boundaryGap: false },
        yAxis: { ...axis, type: "value", inverse: true, min: 1, max: most, minInterval: 1, interval: most <= 16 ? 1 : undefined },
        series: d.rows.map((row) => ({
          name: row.name, type: "line", data: row.values, connectNulls: false, symbol: "circle", symbolSize: 7, triggerLineEvent: true,
          z: row.own ? 5 : 2, lineStyle: { color: row.own ? BLUE : PALE, width: row.own ? 3 : 2 }, itemStyle: { color: row.own ? BLUE : "#7d95b0" },
          endLabel: { show: ends.size <= 20 && label(row) !== "", formatter: label(row), color: row.own ? BLUE : SOFT, fontSize: 12, distance: 8 },
          emphasis: { focus: "series", lineStyle: { color: BLUE, width: 3 }, itemStyle: { color: BLUE }, endLabel: { color: BLUE } },
        })),
      },
      after: (made) => made.on("click", (p) => {
        made.dispatchAction({ type: "downplay" });
        chosen = chosen === p.seriesName ? "" : p.seriesName;
        if (chosen) made.dispatchAction({ type: "highlight", seriesName: chosen });
      }),
    };
  };

  const kinds = { bars, dots, bands, trend };
  const made = [];
  const fit = (one) => { const drawn = kinds[one.data.kind](one.data); one.box.style.height = `${drawn.height}px`; return drawn; };
  for (const box of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const drawn = fit({ box, data });
    const chart = window.echarts.init(box, null, { renderer: "canvas" });
    chart.setOption({ animation: false, textStyle: text, aria: { enabled: false }, ...drawn.option });
    if (drawn.after) drawn.after(chart);
    made.push({ box, chart, data });
  }
  const again = () => made.forEach((one) => { const drawn = fit(one); one.chart.resize(); one.chart.setOption(drawn.option); });
  let waits;
  window.addEventListener("resize", () => { clearTimeout(waits); waits = setTimeout(again, 150); });
  window.addEventListener("beforeprint", () => made.forEach((one) => one.chart.resize({ width: Math.min(one.box.clientWidth, 660) })));
  window.addEventListener("afterprint", again);
})();

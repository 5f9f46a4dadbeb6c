// The emoji that reports and alerts have, by Slack's names. Not all of Slack's: another name stays as it is written.

const EMOJI = new Map(
  `tada 🎉 rocket 🚀 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 warning ⚠️ white_check_mark ✅
heavy_check_mark ✔️ x ❌ no_entry ⛔ fire 🔥 bell 🔔 eyes 👀 wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 heart ❤️ star ⭐ star2 🌟
sparkles ✨ moneybag 💰 money_with_wings 💸 dollar 💵 credit_card 💳 email ✉️ envelope ✉️ incoming_envelope 📨 mailbox 📫 bulb 💡
memo 📝 calendar 📆 date 📅 hourglass ⌛ alarm_clock ⏰ rotating_light 🚨 red_circle 🔴 large_green_circle 🟢 large_yellow_circle 🟡
large_blue_circle 🔵 information_source ℹ️ question ❓ exclamation ❗ point_right 👉 arrow_right ➡️ arrow_up ⬆️ arrow_down ⬇️ link 🔗
lock 🔒 key 🔑 gift 🎁 trophy 🏆 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 slightly_smiling_face 🙂 smile 😄 smiley 😃 grinning 😀
thinking_face 🤔 cry 😢 sob 😭 bust_in_silhouette 👤 busts_in_silhouette 👥 new 🆕 mega 📣 loudspeaker 📢 speech_balloon 💬 package 📦
hammer_and_wrench 🛠️ gear ⚙️ mag 🔍 seedling 🌱 zap ⚡ hedgehog 🦔 robot_face 🤖 computer 💻 iphone 📱 phone ☎️ earth_africa 🌍 100 💯`
    .split(/\s+/)
    .flatMap((name, index, all) => (index % 2 === 0 ? [[name, all[index + 1]!] as const] : [])),
);

/** Undefined for a name that is not in the table. */
export const emojiOf = (name: string): string | undefined => EMOJI.get(name);

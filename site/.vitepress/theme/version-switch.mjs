// The versions that were published beside this one, by versions.json at the root of the site. Where there is none, only this one.
import { useData } from "vitepress";
import { computed, h, onMounted, ref } from "vue";

export const VersionSwitch = {
  setup() {
    const { theme } = useData();
    const { root, current } = theme.value.versions;
    const published = ref([]);
    onMounted(async () => {
      const answer = await fetch(`${root}versions.json`).catch(() => undefined);
      if (answer?.ok) published.value = await answer.json();
    });
    const versions = computed(() =>
      published.value.includes(current) ? published.value : [current, ...published.value],
    );
    const go = ({ target }) => location.assign(`${root}v${target.value}/`);
    return () =>
      h("label", { class: "version-switch" }, [
        h("span", "Version"),
        h(
          "select",
          { onChange: go },
          versions.value.map((version) => h("option", { value: version, selected: version === current }, version)),
        ),
      ]);
  },
};

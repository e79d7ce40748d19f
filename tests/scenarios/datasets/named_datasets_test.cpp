// Small hand-made files in the layouts of the owners, quirks included: no row is a copy of theirs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>

#include "core/error.hpp"
#include "tests/scenarios/datasets/records.hpp"
#include "tests/scenarios/temporary_directory.hpp"

namespace c2al {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class NamedDatasets : public TemporaryDirectory {
 protected:
  std::filesystem::path pack(const std::string& name, const std::string& text) const {
    gzFile stream = gzopen((directory_ / name).c_str(), "wb");
    gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
    gzclose(stream);
    return directory_ / name;
  }
  static DatasetDescription description(const std::string& name) { return parse_description(description_file(name)); }
  /// Reads the files of a data set that lie in the test's directory.
  std::vector<OwnedRecord> read(const std::string& name) const { return read_all(description(name), {directory_}); }
  static std::string cohort(const std::string& dataset, const std::string& axis, const OwnedRecord& record) {
    for (const DatasetAxisRule& rule : description(dataset).axes)
      if (rule.name == axis) return rule.cohorts.at(cohort_of(rule, record.axis.at(axis)));
    return "no such axis";
  }
};

/// 13 integers, then 26 hashes; named ones are empty.
std::string criteo_row(const std::string& label, const std::vector<std::size_t>& empty, const std::string& separator) {
  std::string row = label;
  for (std::size_t i = 0; i < 39; ++i) {
    row += separator;
    if (std::find(empty.begin(), empty.end(), i) != empty.end()) continue;
    row += i < 13 ? fmt::format("{}", static_cast<int>(i) - 2) : fmt::format("{:08x}", i * 2654435761u & 0xffffffffu);
  }
  return row + "\n";
}

TEST_F(NamedDatasets, CriteoKeepsTrailingTabs) {
  write("train.txt", criteo_row("0", {}, "\t") + criteo_row("1", {0, 11, 36, 37, 38}, "\t"));
  const auto records = read("criteo");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[0].categorical.size(), 26u);
  EXPECT_EQ(records[0].continuous.size(), 13u);
  EXPECT_EQ(records[0].continuous.at("I1"), -2);
  EXPECT_EQ(records[0].categorical.at("C1").size(), 8u);
  EXPECT_EQ(records[1].label, 1);
  EXPECT_TRUE(std::isnan(records[1].continuous.at("I12")));
  EXPECT_EQ(records[1].categorical.at("C26"), "");
  EXPECT_EQ(records[1].categorical.at("C23"), records[0].categorical.at("C23"));
  // Trimmed of its trailing tabs a line is damaged, and so is a line of test.txt, which has no label.
  std::string trimmed = criteo_row("1", {36, 37, 38}, "\t");
  trimmed.erase(trimmed.find_last_not_of("\t\n") + 1);
  write("train.txt", criteo_row("0", {}, "\t") + trimmed + "\n");
  EXPECT_THAT([&] { read("criteo"); }, ThrowsMessage<RunError>(HasSubstr("train.txt:2: found 37 fields, expected 40")));
}

TEST_F(NamedDatasets, CriteoHasAFormWithCommasAndAHeader) {
  std::string header = "Id,Label";
  for (int i = 1; i <= 13; ++i) header += fmt::format(",I{}", i);
  for (int i = 1; i <= 26; ++i) header += fmt::format(",C{}", i);
  write("train.csv", header + "\n10000000," + criteo_row("1", {38}, ","));
  const auto records = read("criteo_kaggle");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].label, 1);
  EXPECT_EQ(records[0].continuous.at("I13"), 10);
  EXPECT_FALSE(records[0].categorical.contains("Id"));
}

TEST_F(NamedDatasets, CriteoTerabyteReadsItsDaysInOrder) {
  pack("day_10.gz", criteo_row("1", {0}, "\t"));
  pack("day_2.gz", criteo_row("0", {1}, "\t") + criteo_row("0", {1}, "\t"));
  const auto records = read("criteo_1tb");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[2].label, 1);
}

TEST_F(NamedDatasets, AvazuIdsDoNotFitAnInteger) {
  const std::string header =
      "id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,device_"
      "ip,"
      "device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21\n";
  const std::string hashes = "0000aaaa,0000bbbb,0000cccc,0000dddd,0000eeee,0000ffff,1111aaaa,1111bbbb,1111cccc";
  pack("train.gz", header + "18446744073709551614,1,14102100,1005,1," + hashes + ",1,0,15706,320,50,1722,0,35,-1,79\n" +
                       "99999999999999999999,0,14102101,1005,7," + hashes + ",1,2,15706,320,50,1722,0,35,100084,79\n");
  const auto records = read("avazu");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].categorical.size(), 21u);
  EXPECT_FALSE(records[0].categorical.contains("id"));
  EXPECT_EQ(records[0].categorical.at("C20"), "");
  EXPECT_EQ(records[1].categorical.at("C20"), "100084");
  EXPECT_EQ(records[0].split_key, "14102100");
  EXPECT_EQ(cohort("avazu", "banner", records[0]), "position_1");
  EXPECT_EQ(cohort("avazu", "banner", records[1]), "other");
  EXPECT_EQ(records[0].axis.at("activity"), "1111bbbb");
}

TEST_F(NamedDatasets, MovieLens100kJoinsUsersAndFilms) {
  write("u.data", "1\t7\t4\t880000000\n2\t7\t3\t880000001\n1\t8\t5\t880000002\n");
  write("u.user", "1|24|F|student|90210\n2|51|M|none|T8H1N\n");
  const std::string genres = "|0|1|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0\n";
  write("u.item", "7|A Caf\xe9 (1995)|01-Jan-1995||http://example.org/?title=A%20Caf%E9" + genres +
                      "8|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n");
  const auto records = read("movielens_100k");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].label, 1);
  EXPECT_EQ(records[1].label, 0);
  EXPECT_EQ(records[2].label, 1);
  EXPECT_EQ(records[0].continuous.at("age"), 24);
  EXPECT_EQ(records[0].categorical.at("action"), "1");
  EXPECT_EQ(records[0].categorical.at("comedy"), "0");
  EXPECT_EQ(records[0].categorical.at("release_date"), "01-Jan-1995");
  EXPECT_EQ(records[2].categorical.at("genre_unknown"), "1");
  EXPECT_EQ(records[2].categorical.at("release_date"), "");
  EXPECT_EQ(cohort("movielens_100k", "sex", records[0]), "female");
  EXPECT_EQ(cohort("movielens_100k", "age", records[1]), "50_and_over");
  EXPECT_EQ(cohort("movielens_100k", "occupation", records[1]), "other");
}

TEST_F(NamedDatasets, MovieLens1mHasDoubleColonsAndLatin1) {
  write("ratings.dat", "1::10::4::978300000\n2::11::1::978300001\n");
  write("users.dat", "1::F::1::10::48067\n2::M::56::16::70072-1234\n");
  write("movies.dat", "10::Ch\xe2teau: the end (1999)::Action|Drama\n11::B (1950)::Children's\n");
  const auto records = read("movielens_1m");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 1);
  EXPECT_EQ(records[0].categorical.at("genres"), "Action|Drama");
  EXPECT_EQ(records[1].categorical.at("zip_code"), "70072-1234");
  EXPECT_EQ(cohort("movielens_1m", "age", records[0]), "under_25");
  EXPECT_EQ(cohort("movielens_1m", "age", records[1]), "50_and_over");
  EXPECT_EQ(cohort("movielens_1m", "occupation", records[0]), "student");
}

TEST_F(NamedDatasets, KuaiRandHasQuotedRangesAndLists) {
  for (const std::string tag : {"pure", "1k"}) {
    const std::string log =
        "user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,"
        "play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,is_rand,tab\n";
    write("log_standard_4_08_to_4_21_" + tag + ".csv",
          log + "0,5,20220408,900,1649379600000,1,0,0,0,0,0,0,7000,12000,0,0,0,0,1\n");
    write("log_standard_4_22_to_5_08_" + tag + ".csv",
          log + "3,6,20220422,2300,1650640000000,0,0,0,0,0,0,0,0,90000,0,0,0,0,4\n");
    std::string users =
        "user_id,user_active_degree,is_lowactive_period,is_live_streamer,is_video_author,follow_user_num,"
        "follow_user_num_range,fans_user_num,fans_user_num_range,friend_user_num,friend_user_num_range,register_days,"
        "register_days_range";
    for (int i = 0; i < 18; ++i) users += fmt::format(",onehot_feat{}", i);
    users += "\n0,high_active,0,0,1,20,\"(10,50]\",5,\"[1,10)\",0,0,107,91-180";
    for (int i = 0; i < 18; ++i) users += i == 4 ? "," : fmt::format(",{}", i);
    write("user_features_" + tag + ".csv", users + "\n");
    write(
        "video_features_basic_" + tag + ".csv",
        "video_id,author_id,video_type,upload_dt,upload_type,visible_status,video_duration,server_width,server_height,"
        "music_id,music_type,tag\n5,77,NORMAL,2022-03-26,LongImport,public,12000.0,720,1280,9000,9,\"8,12\"\n"
        "6,78,AD,2022-03-27,ShortImport,public,,720,1280,9001,,\n");
    const auto records = read("kuairand_" + tag);
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].label, 1);
    EXPECT_EQ(records[0].categorical.at("follow_user_num_range"), "(10,50]");
    EXPECT_EQ(records[0].categorical.at("tag"), "8,12");
    EXPECT_EQ(records[0].categorical.at("onehot_feat4"), "");
    EXPECT_EQ(records[0].continuous.at("register_days"), 107);
    EXPECT_EQ(records[0].split_key, "1649379600000");
    EXPECT_FALSE(records[0].continuous.contains("play_time_ms"));
    EXPECT_EQ(cohort("kuairand_" + tag, "active_degree", records[0]), "high_active");
    EXPECT_EQ(cohort("kuairand_" + tag, "registered", records[0]), "up_to_365_days");
    EXPECT_EQ(cohort("kuairand_" + tag, "author", records[0]), "author");
    // The second user has no profile.
    EXPECT_EQ(cohort("kuairand_" + tag, "author", records[1]), "unknown");
    EXPECT_EQ(records[1].categorical.at("music_type"), "");
  }
}

TEST_F(NamedDatasets, TaobaoAdsJoinsThreeTables) {
  write("raw_sample.csv",
        "user,time_stamp,adgroup_id,pid,nonclk,clk\n100,1494032110,1,430548_1007,1,0\n200,1494032111,2,430539_1007,0,"
        "1\n");
  write("ad_feature.csv",
        "adgroup_id,cate_id,campaign_id,customer,brand,price\n1,6406,83237,1,95471,170.0\n2,6407,83238,2,NULL,1.5\n");
  write("user_profile.csv",
        "userid,cms_segid,cms_group_id,final_gender_code,age_level,pvalue_level,shopping_level,occupation,"
        "new_user_class_level \n100,0,5,2,5,,3,0,\n");
  const auto records = read("taobao_ads");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[1].label, 1);
  EXPECT_EQ(records[0].continuous.at("price"), 170);
  EXPECT_EQ(records[1].categorical.at("brand"), "");
  EXPECT_EQ(records[0].categorical.at("new_user_class_level"), "");
  EXPECT_EQ(cohort("taobao_ads", "sex", records[0]), "female");
  EXPECT_EQ(cohort("taobao_ads", "shopping_level", records[0]), "deep");
  EXPECT_EQ(cohort("taobao_ads", "spending", records[0]), "unknown");
  EXPECT_EQ(cohort("taobao_ads", "sex", records[1]), "unknown");
}

TEST_F(NamedDatasets, AdultsTestFileHasACommentAndFullStops) {
  const std::string woman =
      "39, State-gov, 77516, Masters, 14, Divorced, Sales, Unmarried, White, Female, 0, 0, 40, Cuba, ";
  const std::string man = "65, ?, 1000000, HS-grad, 9, Widowed, ?, Husband, Black, Male, 5178, 0, 99, ?, ";
  write("adult.data", woman + "<=50K\n" + man + ">50K\n\n");
  write("adult.test", "|1x3 Cross validator\n" + man + ">50K.\n" + woman + "<=50K.\n\n");
  const auto records = read("adult");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[1].label, 1);
  EXPECT_EQ(records[2].label, 1);
  EXPECT_EQ(records[3].label, 0);
  EXPECT_FALSE(records[1].split.has_value());
  EXPECT_EQ(records[2].split, Split::test);
  EXPECT_EQ(records[1].categorical.at("native_country"), "");
  EXPECT_EQ(records[1].continuous.at("capital_gain"), 5178);
  EXPECT_EQ(records[0].continuous.size(), 5u);
  EXPECT_EQ(cohort("adult", "workclass", records[1]), "unknown");
  EXPECT_EQ(cohort("adult", "age", records[1]), "65_and_over");
  EXPECT_EQ(cohort("adult", "sex", records[0]), "female");
}

TEST_F(NamedDatasets, BankMarketingIsQuotedAndLeavesTheDurationOut) {
  write("bank-full.csv",
        "\"age\";\"job\";\"marital\";\"education\";\"default\";\"balance\";\"housing\";\"loan\";\"contact\";\"day\";"
        "\"month\";\"duration\";\"campaign\";\"pdays\";\"previous\";\"poutcome\";\"y\"\n"
        "58;\"management\";\"married\";\"tertiary\";\"no\";-7;\"yes\";\"no\";\"unknown\";5;\"may\";261;1;-1;0;"
        "\"unknown\";"
        "\"no\"\n22;\"student\";\"single\";\"unknown\";\"no\";1859;\"no\";\"no\";\"cellular\";6;\"oct\";9;2;90;1;"
        "\"success\";\"yes\"\n");
  const auto records = read("bank_marketing");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[1].label, 1);
  EXPECT_FALSE(records[0].continuous.contains("duration"));
  EXPECT_EQ(records[0].continuous.at("balance"), -7);
  EXPECT_EQ(records[0].continuous.at("pdays"), -1);
  EXPECT_EQ(records[1].categorical.at("education"), "unknown");
  EXPECT_EQ(cohort("bank_marketing", "balance", records[0]), "lowest");
  EXPECT_EQ(cohort("bank_marketing", "balance", records[1]), "highest");
  EXPECT_EQ(cohort("bank_marketing", "previous_outcome", records[1]), "success");
  EXPECT_EQ(cohort("bank_marketing", "job", records[0]), "other");
}

TEST_F(NamedDatasets, OnlineShoppersHasCrlfAndScientificNotation) {
  write("online_shoppers_intention.csv",
        "Administrative,Administrative_Duration,Informational,Informational_Duration,ProductRelated,"
        "ProductRelated_Duration,BounceRates,ExitRates,PageValues,SpecialDay,Month,OperatingSystems,Browser,Region,"
        "TrafficType,VisitorType,Weekend,Revenue\r\n"
        "0,0,0,0,4,65.5,7.50E-05,0.03,0,0.4,June,2,2,1,13,New_Visitor,TRUE,TRUE\r\n"
        "1,8,0,0,4,65.5,0,0.03,1.25,0,Nov,2,2,1,1,Returning_Visitor,FALSE,FALSE\r\n");
  const auto records = read("online_shoppers");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 1);
  EXPECT_EQ(records[1].label, 0);
  EXPECT_EQ(records[0].continuous.at("BounceRates"), 7.5e-5);
  EXPECT_EQ(records[0].continuous.size(), 10u);
  EXPECT_EQ(cohort("online_shoppers", "visitor", records[0]), "new");
  EXPECT_EQ(cohort("online_shoppers", "month", records[0]), "other");
  EXPECT_EQ(cohort("online_shoppers", "weekend", records[0]), "weekend");
}

TEST_F(NamedDatasets, OpenBanditsFirstHeaderCellIsEmpty) {
  for (const auto& [name, folder, items] : {std::tuple{"open_bandit", "men", 34}, {"open_bandit_women", "women", 46}}) {
    std::string header = ",timestamp,item_id,position,click,propensity_score",
                row = "0,2019-11-24 00:00:00.123456+00:00,1,3,1,0.0294";
    for (int i = 0; i < 4; ++i) header += fmt::format(",user_feature_{}", i), row += fmt::format(",{:032x}", i);
    for (int i = 0; i < items; ++i) header += fmt::format(",user-item_affinity_{}", i), row += i == 5 ? ",2.0" : ",0.0";
    write(folder + std::string(".csv"), header + "\n" + row + "\n");
    write("item_context.csv",
          ",item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3\n0,0,-0.5,a,b,c\n1,1,0.25,d,e,f\n");
    const auto records = read(name);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].label, 1);
    EXPECT_EQ(records[0].continuous.size(), static_cast<std::size_t>(items) + 1);
    EXPECT_EQ(records[0].continuous.at("user-item_affinity_5"), 2);
    EXPECT_EQ(records[0].continuous.at("item_feature_0"), 0.25);
    EXPECT_EQ(records[0].categorical.at("item_feature_3"), "f");
    EXPECT_EQ(cohort(name, "position", records[0]), "right");
    EXPECT_FALSE(records[0].continuous.contains("propensity_score"));
  }
}

TEST_F(NamedDatasets, HillstromHasCrlfAndAQuotedAmount) {
  write("Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20.csv",
        "recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend\r\n"
        "3,2) $100 - $200,150.5,1,0,Surburban,0,Phone,Womens E-Mail,0,0,0\r\n"
        "1,\"7) $1,000 +\",1200,1,1,Rural,1,Web,No E-Mail,1,1,29.99\r\n");
  const auto records = read("hillstrom");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, 0);
  EXPECT_EQ(records[1].label, 1);
  EXPECT_EQ(records[1].categorical.at("history_segment"), "7) $1,000 +");
  EXPECT_FALSE(records[1].continuous.contains("spend"));
  EXPECT_EQ(cohort("hillstrom", "history", records[0]), "up_to_200");
  EXPECT_EQ(cohort("hillstrom", "area", records[0]), "suburban");
  EXPECT_EQ(cohort("hillstrom", "newbie", records[1]), "new");
}

TEST_F(NamedDatasets, CensusIncomeHasNoQuotesAndMissingValuesAreLevels) {
  std::vector<std::string> values(42, "Not in universe");
  for (const std::size_t zero : {5, 16, 17, 18, 30}) values[zero] = "0";
  values[0] = "64", values[11] = "NA", values[12] = "Female", values[24] = "1700.09", values[25] = "?";
  values[8] = "Other (not & nowhere)", values[39] = "51", values[40] = "95", values[41] = "50000+.";
  std::string row;
  for (const std::string& value : values) row += (row.empty() ? "" : ", ") + value;
  pack("census-income.test.gz", row + "\n");
  const auto records = read("census_income");
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].label, 1);
  EXPECT_EQ(records[0].categorical.size(), 33u);
  EXPECT_EQ(records[0].continuous.size(), 7u);
  EXPECT_EQ(records[0].categorical.at("migration_msa"), "?");
  EXPECT_EQ(records[0].categorical.at("hispanic_origin"), "NA");
  EXPECT_EQ(records[0].categorical.at("major_industry"), "Other (not & nowhere)");
  EXPECT_EQ(cohort("census_income", "age", records[0]), "55_64");
  EXPECT_EQ(cohort("census_income", "class_of_worker", records[0]), "not_in_universe");
  EXPECT_EQ(cohort("census_income", "weeks_worked", records[0]), "part_year");
  EXPECT_EQ(cohort("census_income", "year", records[0]), "1995");
  EXPECT_FALSE(records[0].split.has_value());
  pack("census-income.data.gz", row + "\n");
  EXPECT_EQ(read("census_income")[0].split, Split::test);
}

}  // namespace
}  // namespace c2al

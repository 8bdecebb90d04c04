// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Delivery, ICopyRegistry, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IMinterRegistry } from "../../src/interfaces/IMinterRegistry.sol";
import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Ruling } from "../../src/interfaces/IRefusals.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { MinterWallet } from "./Minters.t.sol";

/// @notice The attacks on minters, buyers and collateral, and what they earn now. The first half of each test is the
/// attack.
contract CopiesAttackTest is BaseTest {
    uint256 private constant ATTACKER_KEY = 0xbad;
    address private immutable ATTACKER = vm.addr(ATTACKER_KEY);

    ModelId private root;

    function setUp() public override {
        super.setUp();
        Terms memory terms = _terms();
        terms.leakBps = 5000;
        root = _register(CREATOR, terms, _refs());
    }

    /// Attack: 200 orders of a model without weights, whose penalties empty an honest minter's bond.
    function test_audit_02_noOrderWithoutAQuote() public {
        ModelId junk = _register(ATTACKER, _termsOf(0, 0), _refs());
        for (uint256 i; i < 200; ++i) {
            Quote memory quote = _quote(ATTACKER, junk);
            bytes memory signature = _signQuote(ATTACKER_KEY, quote);
            bytes32 digest = minterRegistry.quoteDigest(quote);
            vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.QuoteInvalid.selector, MINTER, digest));
            vm.prank(ATTACKER);
            copyRegistry.order(quote, signature);
        }
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND, "the bond is whole");
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 0, "and free for honest buyers");
        _assertState(_order(BUYER, root), State.Ordered);
    }

    /// Attack: one quote, ordered over and over.
    function test_audit_02_aQuoteServesOnce() public {
        Quote memory quote = _quote(ATTACKER, root);
        _order(quote);
        bytes memory signature = _signQuote(quote);
        bytes32 digest = minterRegistry.quoteDigest(quote);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.QuoteUsed.selector, digest, 1));
        vm.prank(ATTACKER);
        copyRegistry.order(quote, signature);
        vm.assertEq(minterRegistry.minters(MINTER).reserved, PENALTY, "one penalty");
    }

    /// Attack: the buyer never gives the preimage of its seed hash, and is paid for the delay.
    function test_audit_02_aMinterQuotesForTheSeedItHolds(bytes32 withheld) public {
        vm.assume(withheld != SEED_HASH && withheld != 0);
        Quote memory quote = _quote(ATTACKER, root);
        bytes memory signature = _signQuote(quote);
        quote.buyerSeedHash = withheld;
        bytes32 digest = minterRegistry.quoteDigest(quote);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.QuoteInvalid.selector, MINTER, digest));
        vm.prank(ATTACKER);
        copyRegistry.order(quote, signature);
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND, "no bond for a seed that its minter does not hold");
    }

    /// Attack: nine days after closing nothing is at stake, and the weights are leaked.
    function test_audit_05_exitThenLeak() public {
        CopyId id = _closing(ATTACKER, root);
        vm.warp(START + THAW);
        vm.prank(ATTACKER);
        copyRegistry.withdraw(id);
        vm.assertEq(usd.balanceOf(ATTACKER), 25e6, "half of the collateral");
        vm.warp(START + THAW + LEAK_TAIL / 10);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.prank(COURT);
        copyRegistry.slash(id, type(uint256).max, type(uint256).max, "leak");
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
        vm.assertEq(treasury.claimCredit(ATTACKER), 2.5e6, "a tenth of the leak bond");
        vm.assertEq(usd.balanceOf(ATTACKER), 27.5e6, "of 75 that it paid");
    }

    /// Attack: a minter delivers garbage, and is paid after the window.
    function test_audit_09_garbageIsRefused() public {
        CopyId id = _order(BUYER, root);
        Delivery memory garbage =
            Delivery(bytes32(uint256(1)), bytes32(uint256(1)), bytes32(uint256(1)), bytes32(uint256(1)), "url");
        vm.prank(MINTER);
        copyRegistry.deliver(id, garbage);
        vm.prank(BUYER);
        copyRegistry.refuse(id, Reason.Files, "the files have another root");
        vm.prank(MINTER);
        copyRegistry.standBy(id);
        vm.prank(COURT);
        copyRegistry.openRefusal(id);
        _rule(id, Ruling.Unusable);
        vm.assertEq(treasury.claimCredit(BUYER), 75e6 + PENALTY, "the buyer is whole, and paid for the delay");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND - PENALTY, "the minter pays");
        vm.assertEq(treasury.credit(MINTER), 0, "and earns nothing");
    }

    /// Attack: a buyer mints for itself: a licence without fingerprints.
    function test_audit_09_nobodyMintsForItself() public {
        _join(ATTACKER);
        Quote memory quote = _quote(ATTACKER, root);
        quote.minter = ATTACKER;
        bytes memory signature = _signQuote(ATTACKER_KEY, quote);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.MinterNotNamed.selector, root, ATTACKER));
        vm.prank(ATTACKER);
        copyRegistry.order(quote, signature);
    }

    /// Attack: a minter about to fail everyone raises its penalty, and has a friend refunded first.
    function test_audit_16_aPenaltyIsFixedByItsQuote() public {
        for (uint256 i; i < 5; ++i) {
            _order(BUYER, root);
        }
        Quote memory quote = _quote(ATTACKER, root);
        quote.penalty = BOND;
        bytes memory signature = _signQuote(quote);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.BondTooLow.selector, BOND, BOND + 5 * PENALTY));
        vm.prank(ATTACKER);
        copyRegistry.order(quote, signature);
        quote.penalty = BOND - 5 * PENALTY;
        CopyId friends = _order(quote);
        vm.warp(START + DELIVER_WINDOW + 1);
        copyRegistry.refund(friends);
        for (uint256 i = 1; i <= 5; ++i) {
            copyRegistry.refund(_copyId(i));
        }
        vm.assertEq(treasury.credit(BUYER), 5 * (75e6 + PENALTY), "each buyer has what it was promised");
        vm.assertEq(treasury.credit(ATTACKER), 75e6 + BOND - 5 * PENALTY, "the friend has the minter's own money");
        vm.assertEq(minterRegistry.minters(MINTER).bond, 0, "which the minter has lost");
    }

    /// Attack: a buyer whom the token blocks freezes its minter's bond.
    function test_audit_20_aBlockedBuyerFreezesNobody_P8_P15() public {
        CopyId id = _order(HOLDER, root);
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 75e6)), "blocked");
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 75e6 + PENALTY)), "blocked");
        vm.warp(START + DELIVER_WINDOW + 1);
        copyRegistry.refund(id);
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(block.timestamp + THAW);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertEq(usd.balanceOf(MINTER), BOND - PENALTY, "the minter leaves");
        vm.expectRevert("blocked");
        treasury.claimCredit(HOLDER);
        vm.clearMockedCalls();
        vm.assertEq(treasury.claimCredit(HOLDER), 75e6 + PENALTY, "the buyer takes its money when it can");
    }

    /// Attack: a blocked host's collateral never leaves, so what it owes the model is never paid.
    function test_audit_20_aBlockedHostsCopyCloses() public {
        CopyId id = _closing(HOLDER, root);
        vm.mockCallRevert(address(usd), abi.encodeCall(usd.transfer, (HOLDER, 25e6)), "blocked");
        vm.warp(START + THAW);
        copyRegistry.withdraw(id);
        _assertState(id, State.Closed);
        vm.assertEq(treasury.credit(HOLDER), 25e6, "credited");
    }

    /// Attack: a delivered copy loses all its collateral, and is active again after the acceptance, or after a close.
    function test_audit_23_aPunishmentIsNoState() public {
        CopyId id = _delivered(ATTACKER, root);
        vm.prank(COURT);
        copyRegistry.slash(id, type(uint256).max, type(uint256).max, "leak");
        vm.prank(ATTACKER);
        copyRegistry.accept(id);
        _assertState(id, State.Active);
        _assertPunished(id);
        uint64 last = copyRegistry.lastEpoch(id);
        _fund(ATTACKER, address(copyRegistry), 50e6);
        vm.prank(ATTACKER);
        copyRegistry.addCollateral(id, 50e6);
        vm.assertFalse(copyRegistry.isActive(id), "money does not revive it");
        vm.warp(START + 3 days);
        vm.prank(ATTACKER);
        copyRegistry.close(id);
        vm.assertEq(copyRegistry.lastEpoch(id), last, "nor does closing: no receipt of later days counts");
    }

    /// Attack: download the weights, refuse them, and have the price back.
    function test_paper_14_refusalAfterDownloading() public {
        CopyId id = _delivered(ATTACKER, root);
        vm.prank(ATTACKER);
        copyRegistry.refuse(id, Reason.Files, "says who has the files");
        vm.prank(MINTER);
        copyRegistry.standBy(id);
        vm.warp(START + 2 days + 1);
        copyRegistry.accept(id);
        vm.assertEq(usd.balanceOf(ATTACKER) + treasury.credit(ATTACKER), 0, "without a case it has paid");
        vm.assertEq(treasury.earned(root), 22.5e6, "and the model earns");

        CopyId second = _contested(ATTACKER, root);
        _rule(second, Ruling.Usable);
        vm.assertEq(treasury.earned(root), 45e6, "a lost case ends the same");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND, "and costs the minter nothing");
    }

    /// Attack: the same with a minter that is in it and gives the money back: the leak bond stays behind the weights.
    function test_paper_14_theLeakBondStaysWhateverHappens() public {
        CopyId id = _refused(ATTACKER, root);
        vm.prank(MINTER);
        copyRegistry.refund(id);
        vm.assertEq(copyRegistry.copies(id).collateral, 25e6, "the leak bond");
        vm.warp(START + LEAK_TAIL / 2);
        vm.prank(COURT);
        (uint256 taken,) = copyRegistry.slash(id, type(uint256).max, type(uint256).max, "leak");
        vm.assertEq(taken, 12.5e6, "tried after the refund");
        _assertState(id, State.Refunded);
    }

    /// Attack: a contract that mints takes back its signature, after the order has relied on it.
    function test_paper_16_aMinterCannotTakeBackAnOrder() public {
        MinterWallet wallet = new MinterWallet();
        _join(address(wallet));
        _offer(root, address(wallet));
        Quote memory quote = _quote(BUYER, root);
        quote.minter = address(wallet);
        wallet.approve(minterRegistry.quoteDigest(quote));
        CopyId id = _order(quote);
        vm.etch(address(wallet), "");
        vm.warp(START + DELIVER_WINDOW + 1);
        copyRegistry.refund(id);
        vm.assertEq(treasury.credit(BUYER), 75e6 + PENALTY, "the order holds, and so does its penalty");
    }

    /// Attack: a creator makes its evidence after the copies are sold, by another key pool.
    function test_paper_keyPoolsAreFixedBeforeTheFirstOrder() public {
        CopyId id = _delivered(BUYER, root);
        bytes32 fingerprintRoot = copyRegistry.copies(id).fingerprintRoot;
        vm.assertEq(
            fingerprintRoot,
            keccak256(abi.encodePacked(bytes1(0x20), registry.keyPool(root, 1).root, RESPONSES_ROOT)),
            "the copy names its pool"
        );
        vm.assertLe(registry.keyPool(root, 1).since, START, "which is older than the order");
    }
}

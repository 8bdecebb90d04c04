// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { State } from "../src/interfaces/ICopyRegistry.sol";
import { Terms } from "../src/interfaces/IModelRegistry.sol";
import { Receipt, Report } from "../src/lib/Receipts.sol";
import { BURNED, CopyId, ModelId } from "../src/lib/Types.sol";
import { BaseTest } from "./helpers/BaseTest.sol";
import { ServingBase } from "./helpers/ServingBase.sol";

/// @notice A grandparent is paid through a diamond, once, with the larger royalty:
///
///            root (CREATOR)
///          20 %      10 %
///      left (HOLDER)  right (STRANGER)
///          20 %      10 %
///            child (DERIVER)
contract StoryTest is BaseTest {
    function test_default_aDiamondPaysEachAncestorOnce() public {
        ModelId root = _register(CREATOR, _termsWith(2000, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId left = _register(HOLDER, _termsWith(2000, DERIVE | FREE_TO_DERIVE), _refs(root));
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(1000, DERIVE | FREE_TO_DERIVE));
        ModelId right = _register(STRANGER, _termsWith(1000, DERIVE | FREE_TO_DERIVE), _refs(root));
        Terms memory terms = _termsWith(0, DERIVE | FREE_TO_DERIVE);
        terms.price = 100e6;
        ModelId child = _register(DERIVER, terms, _refs(left, right));

        CopyId copyId = _active(BUYER, child);
        _accrue();
        _claim(child, DERIVER, 45e6);
        _claim(left, HOLDER, 18e6);
        _claim(right, STRANGER, 9e6);
        _claim(root, CREATOR, 18e6);
        vm.assertEq(treasury.claimCredit(PROTOCOL), 2.5e6, "protocol");
        vm.assertEq(treasury.claimCredit(PROVERS), 2.5e6, "provers");
        vm.assertEq(treasury.claimCredit(MINTER), 5e6, "minter");
        vm.assertEq(usd.balanceOf(address(treasury)), 0, "all 100 USDC were paid out");

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.warp(block.timestamp + THAW);
        vm.prank(BUYER);
        copyRegistry.withdraw(copyId);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral returned");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");
    }

    function _claim(ModelId id, address account, uint256 amount) private {
        vm.assertEq(treasury.claim(id, account), amount, "claim");
    }
}

/// @notice A host that reports 900 of 1,000 answers is slashed with a receipt that a client kept.
contract HiddenUsageStoryTest is ServingBase {
    function test_default_aHostHidesUsageAndIsSlashed() public {
        Receipt memory hidden = _receipt(950);
        _afterEpoch();
        Report memory filed = Report(copyId, epoch, 900, 900, keccak256("900 receipts"));
        _file(filed);
        vm.assertEq(ledger.escrows(copyId).escrow, 99.1e6, "paid for 900");

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        _afterGrace();
        _unreported(CHALLENGER, hidden, filed);
        _assertPunished(copyId);
        vm.warp(block.timestamp + 1 hours);
        court.payBounty(copyId);

        vm.assertEq(treasury.claimCredit(CHALLENGER), 20e6, "the client earns two fifths of the collateral");
        vm.assertEq(treasury.claimCredit(BURNED), 30e6, "the rest is burned");
        vm.assertEq(treasury.earned(root), 22.5e6 + 0.81e6, "the model earns nothing by it");
        vm.prank(BUYER);
        ledger.requestWithdrawal(copyId, 99.1e6);
        vm.warp(block.timestamp + 2 days);
        vm.assertEq(ledger.withdraw(copyId), 99.1e6, "unused escrow returns to the host");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "no collateral is left");
    }
}

/// @notice A buyer whose minter vanishes is refunded and paid the penalty.
contract VanishedMinterStoryTest is BaseTest {
    function test_default_theMinterVanishesAndTheBuyerIsRefunded() public {
        ModelId root = _root();
        CopyId copyId = _order(BUYER, root);
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + DELIVER_WINDOW + 1);
        vm.prank(STRANGER);
        copyRegistry.refund(copyId);
        treasury.claimCredit(BUYER);
        vm.assertEq(usd.balanceOf(BUYER), 75e6 + PENALTY, "price, collateral and penalty");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing is left");

        vm.warp(START + THAW);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertEq(usd.balanceOf(MINTER), BOND - PENALTY, "the bond paid the penalty");
        vm.assertEq(usd.balanceOf(address(minterRegistry)), 0, "nothing is left");
    }
}
